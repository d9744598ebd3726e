#!/usr/bin/env python3
"""Record what named_modules() returns for every public model of the installed transformers, built by real torch.

usage: trees.py --out trees.jsonl.xz --raises raises.jsonl [--types T...] [--jobs N] [--timeout SECONDS]

A line per architecture, sorted by module and name:
    {"architecture", "module", "params": total, "modules": [[name, qualified class, {own parameter: shape}], ...]}
and one in the other file for each that cannot be built from its configuration's defaults:
    {"architecture", "module", "type": exception, "message": its start, "uninitialised": null or a tree}
where the tree is what there is when weights are not initialised, which is how from_pretrained builds models.
"""

import argparse
import concurrent.futures
import gc
import importlib
import json
import pathlib
import sys
import tempfile

import modules


def build(cls):
    """The tree of a model made from its configuration's defaults, or what building it raises."""
    try:
        return modules.tree(modules.on_meta(lambda: cls(cls.config_class())), cls)
    except Exception as error:  # what it raises is the answer
        answer = {"architecture": cls.__name__, "module": cls.__module__, **modules.raised(error), "uninitialised": None}
    try:
        model = modules.on_meta(lambda: modules.as_from_pretrained(cls, cls.config_class()))
        answer["uninitialised"] = modules.tree(model, cls)
    except Exception:  # as before
        pass
    return answer


def record(module, timeout, folder):
    """Record the models of one modeling file, each in a child of its own; returns what went wrong, as text."""
    problems = []
    try:
        classes = list(modules.architectures(module))
    except ImportError as error:  # the file itself wants a package that is not there: nobody can build its models
        print(f"{module}: left out: {error}", file=sys.stderr)
        return problems
    with open(pathlib.Path(folder, module + ".jsonl"), "w", encoding="utf-8") as out:
        for cls in classes:
            try:
                line = modules.in_child(lambda: build(cls), timeout)
            except RuntimeError as error:
                problems.append(f"{module}.{cls.__name__}: {error}")
                continue
            out.write(modules.dump(line) + "\n")
    return problems


def record_in_child(module, timeout, folder):
    """As record(), in a child too: a modeling file's imports must not pile up, nor its failures spread."""
    gc.freeze()
    try:
        return modules.in_child(lambda: record(module, timeout, folder), 3600)
    except RuntimeError as error:
        return [f"{module}: {error}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--raises", required=True)
    parser.add_argument("--types", nargs="*", help="only these model types; named none: those of the tests")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one architecture")
    args = parser.parse_args()

    types = modules.TYPES if args.types == [] else args.types
    names = sorted(modules.modeling_files(types))
    importlib.import_module("transformers.models.auto.modeling_auto")
    problems = []
    built = raising = 0
    with tempfile.TemporaryDirectory() as folder:
        # Threads, each waiting for a forked child, would fork a process that has threads; worker processes do not.
        with concurrent.futures.ProcessPoolExecutor(args.jobs) as pool:
            work = [pool.submit(record_in_child, name, args.timeout, folder) for name in names]
            for done in work:
                problems += done.result()

        def parts():
            for name in names:
                path = pathlib.Path(folder, name + ".jsonl")
                if path.exists():
                    yield from modules.read_lines(path)

        def trees():
            nonlocal built
            for line in parts():
                if "type" not in line:
                    built += 1
                    yield line

        modules.write_lines(args.out, trees())
        with open(args.raises, "w", encoding="utf-8") as out:
            for line in parts():
                if "type" in line:
                    raising += 1
                    out.write(json.dumps(line) + "\n")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{built} trees, {raising} raise, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
