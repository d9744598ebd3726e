#!/usr/bin/env python3
"""`leaflint leaves` and `leaflint check` against what DeepSpeed made of generated leaf configs.

They are in fixtures/leaves. Where DeepSpeed accepted the config: the leaves in their order, the warnings, how many
modules each name and suffix flags, and a finding on exactly those entries that match nothing. Where it raised: an error
that says why, and no leaves.
"""

import collections
import json
import pathlib
import sys
import tempfile

import harness

DEFAULTS = [
    "transformers.models.mixtral.modeling_mixtral.MixtralSparseMoeBlock",
    "transformers.models.qwen2_moe.modeling_qwen2_moe.Qwen2MoeSparseMoeBlock",
    "transformers.models.qwen3_moe.modeling_qwen3_moe.Qwen3MoeSparseMoeBlock",
]
MISS = {"classes": "unknown-class", "names": "unknown-name", "name_suffixes": "dead-suffix"}
REFUSED = {"syntax-error", "unknown-key", "wrong-type", "duplicate-key"}


def flags_by_entry(leaves, field):
    """How many modules each entry of `field` flags, of those that flag any, in the list's order."""
    counts = collections.Counter(label for leaf in leaves for label in leaf["by"] if label.startswith(field + "["))
    return [counts[label] for label in sorted(counts, key=lambda label: int(label[len(field) + 1 : -1]))]


def first_difference(names, expected):
    at = 0
    while at < min(len(names), len(expected)) and names[at] == expected[at]:
        at += 1
    return f"{len(names)} leaves, not {len(expected)}; at {at}: {names[at : at + 3]}, not {expected[at : at + 3]}"


def compare_leaves(case, got, differences, where):
    names = [leaf["name"] for leaf in got["leaves"]]
    if case["error"]:
        if names or got["warnings"] or not got.get("error"):
            differences.add("leaves of a config that DeepSpeed refuses", f"{where}: {case['error']}")
        else:
            differences.count("leaves: refused, as recorded")
        return
    if got["status"] != "exact":
        differences.add("model is not exact", where)
    elif names != case["leaves"]:
        differences.add("other leaves", f"{where}: {first_difference(names, case['leaves'])}")
    elif got["warnings"] != case["warnings"]:
        differences.add("other warnings", f"{where}: {got['warnings']}, not {case['warnings']}")
    else:
        differences.count("leaves: names, order and warnings equal")
    for field in ("names", "name_suffixes"):
        flags = [count for count in case["matches"][field] if count]
        if flags_by_entry(got["leaves"], field) != flags:
            differences.add("other counts", f"{where}: {field} {flags_by_entry(got['leaves'], field)}, not {flags}")


def compare_findings(case, findings, differences, where):
    rules = {finding["rule"] for finding in findings}
    if case["error"]:
        if rules & REFUSED and any(f["severity"] == "error" for f in findings if f["rule"] in REFUSED):
            differences.count("check: refused, as recorded")
        else:
            differences.add("no error in a config that DeepSpeed refuses", f"{where}: {case['error']}, found {rules}")
        return
    if rules & REFUSED:
        said = [f["message"] for f in findings if f["rule"] in REFUSED]
        differences.add("error in a config that DeepSpeed accepts", f"{where}: {said}")
    for field, rule in MISS.items():
        entries, matches = case["entries"][field], case["matches"][field]
        missed = [f["value"] for f in findings if f["rule"] == rule]
        if field == "classes" and entries == DEFAULTS:
            # Nobody wrote them.  (A config that writes all three, in this order, was not generated.)
            expected = []
        else:
            expected = [entry for entry, count in zip(entries, matches) if count == 0]
            differences.count("check: verdicts on entries", len(entries))
        if sorted(set(missed)) != sorted(expected):
            told = f"{sorted(set(missed) - set(expected))} too many, {sorted(set(expected) - set(missed))} not found"
            differences.add(f"other {rule}", f"{where}: {told}")
            return
    differences.count("check: every verdict equal")


def test(leaflint, versions, choose, differences, jobs):
    folder = harness.FIXTURES / "leaves"
    for version in versions:
        configs = {line["model"]: line["config"] for line in harness.lines(folder / f"models-{version}.jsonl")}
        cases = collections.defaultdict(list)
        for number, case in choose(list(enumerate(harness.lines(folder / f"{version}.jsonl.xz"), 1))):
            cases[case["model"]].append((number, case))

        def compare(model, version=version, configs=configs, cases=cases):
            """All configs of one model; `check` takes them in one run."""
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "config.json").write_text(json.dumps(configs[model]), encoding="utf-8")
                files = {}
                for number, case in cases[model]:
                    path = pathlib.Path(folder, f"{number}.json")
                    path.write_bytes(case["config"].encode())
                    files[str(path)] = []
                    where = f"{version} line {number} {model}"
                    outcome = leaflint.run(version, "leaves", "--model", folder, "--output-format", "json", path)
                    try:
                        got = harness.parsed(outcome, {1} if case["error"] else {0})
                        compare_leaves(case, got, differences, where)
                    except harness.Failure as failure:
                        differences.add("no leaves", f"{where}: {failure}")
                outcome = leaflint.run(version, "check", "--model", folder, "--output-format", "json", *files)
            try:
                for finding in harness.parsed(outcome, {0, 1})["diagnostics"]:
                    files[finding["path"]].append(finding)
            except harness.Failure as failure:
                differences.add("no findings", f"{version} {model}: {failure}")
                return
            for (number, case), findings in zip(cases[model], files.values()):
                compare_findings(case, findings, differences, f"{version} line {number} {model}")

        harness.each(compare, list(cases), jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.split("\n")[0], test, every=8))
