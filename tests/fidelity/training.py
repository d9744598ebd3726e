#!/usr/bin/env python3
"""`leaflint check` flags the leaves that a step of real DeepSpeed did not survive, and none that it did.

fixtures/training holds what one step of ZeRO-3 on tiny models came to (tests/oracle/leaf_training.py). The rule that
speaks must fit what happened; what leaflint cannot tell is listed here.
"""

import json
import pathlib
import sys
import tempfile

import harness

# What an exception of the step means. What returns a dict stops in `step()` on a CPU.
RULES = {
    "inplace-leaf-input": "is being modified inplace",
    "leaf-without-grad-input": "The size of tensor a (0) must match",
    "leaf-returns-dict": "unknown parameter type",
    "leaf-called-twice": "",
}
# Whether these fail hangs on what forward is given, or on more than leaflint follows.
SILENT = {"vit-embeddings", "opt-positions", "bart-encoder", "bart-embedding"}


def judge(case, findings, differences, where):
    said = sorted({f["rule"] for f in findings if f["rule"] in RULES})
    if case["outcome"] == "runs":
        if said:
            differences.add("flagged, but the step ran", f"{where}: {said}")
        else:
            differences.count("ran, and is not flagged")
        return
    if not said:
        if case["case"] in SILENT:
            differences.count("failed, and cannot be told")
        else:
            differences.add("not flagged, but the step failed", f"{where}: {case['error']}")
        return
    if case["case"] in SILENT:
        differences.add("flagged now: take it from the list", where)
    fits = [rule for rule in said if RULES[rule] in (case["error"] or {"message": ""})["message"]
            and (rule != "leaf-called-twice" or case["error"]["type"] == "AssertionError")]
    if case["outcome"] == "raises" and fits != said:
        differences.add("flagged for another reason", f"{where}: {said}, not {case['error']}")
    else:
        differences.count(f"failed, and is flagged: {said[0]}")


def test(leaflint, versions, choose, differences, jobs):
    for version in versions:

        def compare(case, version=version):
            where = f"{version} {case['case']}"
            config = {**case["config"], "architectures": [case["architecture"]], "model_type": case["model_type"]}
            settings = {"zero_optimization": {"stage": 3, "leaf_module": case["leaf_module"]}}
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "config.json").write_text(json.dumps(config), encoding="utf-8")
                path = pathlib.Path(folder, "ds.json")
                path.write_text(json.dumps(settings), encoding="utf-8")
                outcome = leaflint.run(version, "check", "--model", folder, "--output-format", "json", str(path))
            try:
                judge(case, harness.parsed(outcome, {0, 1})["diagnostics"], differences, where)
            except harness.Failure as failure:
                differences.add("no findings", f"{where}: {failure}")

        cases = list(harness.lines(harness.FIXTURES / "training" / f"{version}.jsonl"))[1:]
        harness.each(compare, choose(cases), jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.split("\n")[0], test, every=3, release_every=1))
