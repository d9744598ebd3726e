#!/usr/bin/env python3
"""How much of what was recorded of a release leaflint gets right: default trees, exceptions, changed configurations.

usage: score.py --sources DIR [--trees T.jsonl.xz] [--raises R.jsonl] [--configs C.jsonl.xz] [--program P] [--show N]

exact      leaflint says exact, and names, classes, order, shapes and the sum of parameters are torch's
partial    leaflint says partial with a reason, and nothing that it states is false
raises     torch raises, and leaflint says so, with the same type of exception
unstarted  torch raises only while it initialises weights (from_pretrained does not), and leaflint has the tree without
unproven   torch raises, and leaflint says partial
wrong      anything else: something false is stated
absent     leaflint has no line for it
The exit status is 1 when something is wrong or absent.
"""

import argparse
import collections
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "fidelity"))
import harness  # noqa: E402

RANK = ("wrong", "absent", "unproven", "partial")


def false_statement(got, expected):
    """What a partial tree states that is not so; None when all of it is true. A null is no statement."""
    truth = {name: (cls, own) for name, cls, own in expected["modules"]}
    names = iter(truth)
    for name, cls, own in got["modules"]:
        if name not in truth:
            return f"no such module: {name}"
        if name not in names:
            return f"{name} stated out of order"
        if cls not in (None, truth[name][0]):
            return f"{name} is {truth[name][0]}, stated {cls}"
        for parameter, shape in (own or {}).items():
            if shape is not None and truth[name][1].get(parameter) != shape:
                return f"{name}.{parameter} is {truth[name][1].get(parameter)}, stated {shape}"
    if got.get("params") not in (None, expected["params"]):
        return f"{expected['params']} parameters, stated {got['params']}"
    return None if got["unresolved"] else "partial without a reason"


def judge(got, expected, raised):
    """(verdict, details) of leaflint's answer, where torch built the tree `expected`, or raised `raised`."""
    status = got["status"]
    if raised:
        if status == "exact" and raised.get("uninitialised"):
            difference = harness.tree_difference(got, raised["uninitialised"])
            return ("wrong", difference) if difference else ("unstarted", "")
        if status == "partial":
            return "unproven", f"{raised['type']}: {raised['message'][:80]}; {harness.unresolved(got)}"
        if status == "raises" and got["raises"]["type"] == raised["type"]:
            return "raises", ""
        stated = got["raises"] if status == "raises" else status
        return "wrong", f"raises {raised['type']}: {raised['message']}, stated {stated}"
    if status == "raises":
        return "wrong", f"raises stated: {got['raises']}"
    if status == "partial":
        false = false_statement(got, expected)
        return ("wrong", false) if false else ("partial", harness.unresolved(got))
    difference = harness.tree_difference(got, expected)
    return ("wrong", difference) if difference else ("exact", "")


class Score:
    def __init__(self, title):
        self.title = title
        self.counts = collections.Counter()
        self.short = []

    def add(self, where, verdict, details):
        self.counts[verdict] += 1
        if verdict in RANK:
            self.short.append((RANK.index(verdict), where, details))

    def report(self, show):
        """Prints it; is anything false?"""
        for rank, where, details in sorted(self.short)[:show]:
            print(f"{RANK[rank]:9} {where}: {details}")
        total = sum(self.counts.values())
        raising = self.counts["raises"] + self.counts["unproven"] + self.counts["unstarted"]
        print(f"{self.title}: {total}:", ", ".join(f"{n} {v}" for v, n in sorted(self.counts.items())))
        building = total - raising
        if building:
            exact = self.counts["exact"]
            print(f"{self.title}: {exact} of {building} that can be built are exact: {100 * exact / building:.2f} %")
        return bool(self.counts["wrong"] or self.counts["absent"])


def score_defaults(leaflint, trees, raises, jobs):
    """Every architecture's defaults, in one run."""
    score = Score("defaults")
    status, out, err = leaflint.run("it", "tree", "--all", "--output-format", "jsonl", "--jobs", jobs)
    if status != 0:
        sys.exit(f"leaflint tree --all: exit {status}: {err[-2000:]}")
    mine = {(t["module"], t["architecture"]): t for t in map(json.loads, out.splitlines())}
    for expected in trees + raises:
        key = (expected["module"], expected["architecture"])
        where = ".".join(key)
        if key not in mine:
            score.add(where, "absent", "")
            continue
        raised = None if "modules" in expected else expected
        score.add(where, *judge(mine[key], expected, raised))
    return score


def score_configs(leaflint, cases, jobs):
    """A run for each config.json."""
    score = Score("changed configs")

    def compare(numbered):
        number, case = numbered
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "config.json").write_text(json.dumps(case["config"]), encoding="utf-8")
            outcome = leaflint.run("it", "tree", "--model", folder, "--output-format", "jsonl")
        where = f"line {number} {case['architecture']}"
        try:
            score.add(where, *judge(harness.parsed(outcome, {0}), case.get("tree"), case.get("raises")))
        except harness.Failure as failure:
            score.add(where, "absent", str(failure))

    harness.each(compare, enumerate(cases, 1), jobs)
    return score


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--sources", required=True, help="the folder that holds transformers, beside torch")
    parser.add_argument("--trees", help="what trees.py wrote")
    parser.add_argument("--raises", help="what it wrote of those that raise")
    parser.add_argument("--configs", help="what broad_configs.py or changed_configs.py wrote")
    parser.add_argument("--program", default=ROOT / "build/release/leaflint")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=20, help="how many that fall short are printed")
    args = parser.parse_args()

    def recorded(path):
        return list(harness.lines(pathlib.Path(path))) if path else []

    leaflint = harness.Leaflint(args.program, {"it": args.sources})
    false = False
    trees, raises = recorded(args.trees), recorded(args.raises)
    if trees or raises:
        false |= score_defaults(leaflint, trees, raises, args.jobs).report(args.show)
    if configs := recorded(args.configs):
        false |= score_configs(leaflint, configs, args.jobs).report(args.show)
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
