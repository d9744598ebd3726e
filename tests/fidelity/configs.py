#!/usr/bin/env python3
"""`leaflint tree --model FOLDER` against what torch and transformers made of changed config.json files.

They are in fixtures/configs. Where torch built a tree, leaflint's must be exact and equal. Where it raised, leaflint
says that it raises (with the same type of exception), or that it cannot tell; never a tree.
"""

import json
import os
import pathlib
import sys
import tempfile

import harness


WORDS = os.environ.get("SHOW_WORDS")  # print messages of exceptions that differ; they need not be equal


def shortened(message):
    """As tests/oracle records a message."""
    return message.strip().replace("\n", " ")[:160]


def judge(case, got, differences, where):
    status, raised = got["status"], case.get("raises")
    if raised and status == "raises":
        mine = got["raises"]["type"]
        if mine == raised["type"]:
            same = shortened(got["raises"]["message"]) == raised["message"]
            differences.count(f"raises, as recorded, {'with the same message' if same else 'in other words'}")
            if WORDS and not same:
                print(f"{where}: {got['raises']['message']!r}, not {raised['message']!r}")
        else:
            differences.add("raises another type", f"{where}: {got['raises']}, not {raised}")
    elif raised and status == "partial":
        differences.count(f"partial where {raised['type']} was raised")
    elif raised:
        differences.add("exact where it raises", f"{where}: {raised}")
    elif status == "raises":
        differences.add("raises where there is a tree", f"{where}: {got['raises']}")
    elif status == "partial":
        differences.add("partial", f"{where}: {harness.unresolved(got)}")
    elif told := harness.tree_difference(got, case["tree"]):
        differences.add("another tree", f"{where}: {told}")
    else:
        differences.count("exact and equal")


def test(leaflint, versions, choose, differences, jobs):
    for version in versions:

        def compare(numbered, version=version):
            where, case = numbered
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, "config.json").write_text(json.dumps(case["config"]), encoding="utf-8")
                outcome = leaflint.run(version, "tree", "--model", folder, "--output-format", "jsonl")
            try:
                judge(case, harness.parsed(outcome, {0}), differences, where)
            except harness.Failure as failure:
                differences.add("no tree", f"{where}: {failure}")

        cases = []
        for name in (version, f"{version}-drawn"):
            for number, case in enumerate(harness.lines(harness.FIXTURES / "configs" / f"{name}.jsonl.xz"), 1):
                cases.append((f"{name} line {number} {case['architecture']}", case))
        harness.each(compare, choose(cases), jobs)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.split("\n")[0], test, every=50))
