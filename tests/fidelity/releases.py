#!/usr/bin/env python3
"""`leaflint tree` of every architecture of a release against what real torch made of it (fixtures/releases)."""

import json
import pathlib
import sys
import tempfile

import harness


def site_packages(sources, folder):
    """The environment the facts were recorded in: a site-packages with torch in it, and none of the optional packages."""
    (folder / "torch").mkdir()
    (folder / "transformers").symlink_to((sources / "transformers").resolve())
    return folder


def judge(version, tree, fact, differences):
    where = f"{version} {fact['architecture']}"
    known = [kind for kind in ("partial", "initialisation") if f"{kind} {where}" in KNOWN]
    raised = tree.get("raises", {}).get("type")
    if tree["status"] == "partial":
        # Cannot tell is no false answer, but a new one is a loss.
        if known == ["partial"]:
            differences.count(f"{version} partial")
        else:
            differences.add("partial", f"{where}: {harness.unresolved(tree)}")
    elif known == ["initialisation"] and not raised and "raises" in fact:
        differences.count(f"{version} raises only while weights are initialised")
    elif known:
        differences.add("better than fixtures/releases/known.txt says", where)
    elif raised or "raises" in fact:
        if raised == fact.get("raises"):
            differences.count(f"{version} raises the same")
        else:
            differences.add("raises", f"{where}: {raised}, not {fact.get('raises')}")
    elif (harness.tree_digest(tree), len(tree["modules"]), tree["params"]) != (fact["digest"], fact["modules"], fact["params"]):
        differences.add("another tree", f"{where}: {len(tree['modules'])} modules, {tree['params']} parameters; "
                                        f"torch: {fact['modules']}, {fact['params']}")
    else:
        differences.count(f"{version} exact and equal")


def test(leaflint, versions, choose, differences, jobs):
    with tempfile.TemporaryDirectory() as folder:
        for version in versions:
            site = pathlib.Path(folder) / version
            site.mkdir()
            leaflint.sources[version] = site_packages(leaflint.sources[version], site)
            every = list(harness.lines(FACTS / f"transformers-{version}.jsonl.xz"))
            chosen = choose(every)
            if len(chosen) == len(every):
                whole_release(leaflint, version, every, differences)
            else:
                harness.each(lambda fact, version=version: one(leaflint, version, fact, differences), chosen, jobs)


def one(leaflint, version, fact, differences):
    try:
        outcome = leaflint.run(version, "tree", "--model", fact["architecture"], "--output-format", "jsonl")
        judge(version, harness.parsed(outcome, {0}), fact, differences)
    except harness.Failure as failure:
        differences.add("no tree", f"{version} {fact['architecture']}: {failure}")


def whole_release(leaflint, version, every, differences):
    status, out, err = leaflint.run(version, "tree", "--all", "--jobs", "1", "--output-format", "jsonl")
    # The same answer whatever the number of threads, and so whatever was worked on before.
    if (status, out) != leaflint.run(version, "tree", "--all", "--jobs", "3", "--output-format", "jsonl")[:2]:
        differences.add("another answer with --jobs 3", version)
    if status != 0:
        differences.add("no trees", f"{version}: exit {status}: {err.strip()[-600:]}")
        return
    trees = {}
    for line in out.splitlines():
        tree = json.loads(line)
        trees[tree["module"], tree["architecture"]] = tree
    for fact in every:
        tree = trees.pop((fact["module"], fact["architecture"]), None)
        if tree:
            judge(version, tree, fact, differences)
        else:
            differences.add("no tree", f"{version} {fact['architecture']}")
    for module, architecture in trees:
        differences.count(f"{version} not asked of torch")


FACTS = harness.FIXTURES / "releases"
KNOWN = set((FACTS / "known.txt").read_text(encoding="utf-8").splitlines())

if __name__ == "__main__":
    sys.exit(harness.main(__doc__, test, every=50))
