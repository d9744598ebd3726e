#!/usr/bin/env python3
"""What leaflint says of mangled sources, against what torch builds from them.

usage: fuzz_compare.py CASES.jsonl [--every N] [--program P] [--seed S] [--case N ...]

CASES.jsonl is what tests/fuzz/fuzz.py --write noted down.  Of the cases whose file compiles, those are built whose answer is
not that of the intact sources, and every Nth of the others.  The mangled release is imported from the folder of links that
leaflint reads: where only a model's own files changed, in a child of a process that has imported the rest.
"""

import argparse
import importlib
import json
import os
import pathlib
import resource
import signal
import sys
import tempfile

import torch  # noqa: F401  (imported once, before the children are made)

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "fuzz"))
sys.path.insert(0, str(TESTS / "custom"))
import fuzz  # noqa: E402
from custom import check  # noqa: E402
from mangle import Case, Overlay, models  # noqa: E402

SECONDS = 300
BYTES = 12 << 30


def dotted(path):
    return ".".join(("transformers", *path.with_suffix("").parts))


def build(modeling, name):
    """What torch makes of the class; runs in a child."""
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    importlib.invalidate_caches()
    try:
        import modules

        cls = getattr(importlib.import_module(dotted(modeling)), name)
        made = modules.tree(modules.on_meta(lambda: cls(cls.config_class())), cls)
    except (Exception, SystemExit) as error:
        return {"raises": {"type": type(error).__name__, "message": str(error).strip().replace("\n", " ")[:160]}}
    return {"params": made["params"], "modules": made["modules"]}


def in_child(work):
    """The JSON that work() returns in a forked child; None when the child does not get there."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            signal.alarm(SECONDS)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            os.dup2(2, 1)
            with os.fdopen(writer, "w", encoding="utf-8") as out:
                json.dump(work(), out)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        text = answer.read()
    os.waitpid(pid, 0)
    return json.loads(text) if text else None


class Compare:
    def __init__(self, options, folder):
        self.options = options
        self.package = options.sources / "transformers"
        self.models = models(self.package)
        self.overlay = Overlay(folder, self.package)
        self.counts = {}

    def count(self, kind):
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def one(self, number):
        case = Case(self.package, self.models, self.options.seed, number)
        modeling = self.models[number % len(self.models)][1]
        self.overlay.put(case.path, case.data)
        run = fuzz.Run(self.options.program, self.overlay.root, case.model)
        mine = run.answer()
        if run.status not in (0, 1):
            return self.count("not found")
        if mine["module"] != dotted(modeling):
            return self.count("another module's class")
        real = in_child(lambda: build(modeling, case.model))
        if real is None:
            return self.count("torch did not answer")
        wrong = [one for one in check(mine, {"": real}) if not one.startswith("MESSAGE")]
        # A module that is not imported as a whole, or not at all, is what the intact sources say.
        self.count(f"{mine['status']}: {'WRONG' if wrong else 'right'}" + (" (raises)" if "raises" in real else ""))
        if wrong:
            print(f"WRONG {case}")
            for text in wrong[:4]:
                print(f"    {text[:300]}")
            sys.stdout.flush()
        return None


def own_file(path):
    """Does only the model itself, or its relatives, read the file?"""
    return path.parts[0] == "models" and len(path.parts) > 2 and path.parts[1] != "auto"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("cases", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=10)
    parser.add_argument("--program", type=pathlib.Path, default=TESTS.parent / "build/release/leaflint")
    parser.add_argument("--sources", type=pathlib.Path, default=TESTS.parent / "build/sources/5.23.0")
    parser.add_argument("--seed", default="leaflint")
    parser.add_argument("--case", type=int, nargs="*", help="only these")
    options = parser.parse_args()
    options.sources = options.sources.resolve()
    lines = [json.loads(line) for line in options.cases.read_text(encoding="utf-8").splitlines()]
    lines = [one for one in lines if one["compiles"]]
    chosen = [one for one in lines if not one["same"]] + [one for one in lines if one["same"]][::options.every]
    if options.case:
        chosen = [one for one in lines if one["case"] in options.case]
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory() as folder:
        compare = Compare(options, folder)
        sys.path.insert(0, folder)

        def own():
            """Cases of models' own files: everything else is imported once."""
            import modules  # noqa: F401

            importlib.import_module("transformers.models.auto.modeling_auto")
            importlib.import_module("transformers.generation.utils")
            for one in chosen:
                if own_file(pathlib.Path(one["path"])):
                    compare.one(one["case"])
            return compare.counts

        # Not in_child(): it has children itself, and prints.
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.write(writer, json.dumps(own()).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, encoding="utf-8") as answer:
            compare.counts = json.loads(answer.read() or "{}")
        os.wait()
        compare.overlay.restore()
        for one in chosen:
            if not own_file(pathlib.Path(one["path"])):
                compare.one(one["case"])
    for kind, number in sorted(compare.counts.items()):
        print(f"{number:6} {kind}")
    return 1 if any("WRONG" in kind for kind in compare.counts) else 0


if __name__ == "__main__":
    sys.exit(main())
