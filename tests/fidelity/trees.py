#!/usr/bin/env python3
"""`leaflint tree --model CLASS` against the trees that real torch made of the classes' defaults (fixtures/trees)."""

import sys

import harness


def test(leaflint, versions, choose, differences, jobs):
    for version in versions:

        def compare(expected, version=version):
            where = f"{version} {expected['architecture']}"
            try:
                outcome = leaflint.run(version, "tree", "--model", expected["architecture"], "--output-format", "jsonl")
                got = harness.parsed(outcome, {0})
            except harness.Failure as failure:
                differences.add("no tree", f"{where}: {failure}")
                return
            if got["status"] == "partial":
                differences.add("partial", f"{where}: {harness.unresolved(got)}")
            elif got["status"] == "raises":
                differences.add("raises", f"{where}: {got['raises']}")
            elif told := harness.tree_difference(got, expected):
                differences.add("another tree", f"{where}: {told}")
            else:
                differences.count(f"{version} exact and equal")
                differences.count(f"{version} modules in them", len(got["modules"]))

        trees = choose(list(harness.lines(harness.FIXTURES / "trees" / f"transformers-{version}.jsonl.xz")))
        harness.each(compare, trees, jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__, test, every=2))
