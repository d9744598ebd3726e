#!/usr/bin/env python3
"""Record what named_modules() returns for every public model of the installed transformers, built by real torch.

usage: trees.py --out trees.jsonl.xz --raises raises.jsonl [--types T...] [--jobs N] [--timeout SECONDS] [--parts DIR]

A line per architecture, sorted by module and name:
    {"architecture", "module", "params": total, "modules": [[name, qualified class, {own parameter: shape}], ...]}
and one in the other file for each that cannot be built from its configuration's defaults:
    {"architecture", "module", "type": exception, "message": its start, "uninitialised": null or a tree}
where the tree is what there is when weights are not initialised, which is how from_pretrained builds models.
"""

import argparse
import functools
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
        answer = {"architecture": cls.__name__, "module": cls.__module__, **modules.raised(error)}
        answer["uninitialised"] = None
    try:
        model = modules.on_meta(lambda: modules.as_from_pretrained(cls, cls.config_class()))
        answer["uninitialised"] = modules.tree(model, cls)
    except Exception:  # as before
        pass
    return answer


def record(module, problems, timeout):
    """The models of one modeling file, each built in a child of its own."""
    try:
        classes = list(modules.architectures(module))
    except ImportError as error:  # the file itself wants a package that is not there: nobody can build its models
        print(f"{module}: left out: {error}", file=sys.stderr)
        return
    for cls in classes:
        try:
            yield modules.in_child(lambda: build(cls), timeout)
        except RuntimeError as error:
            problems.append(f"{module}.{cls.__name__}: {error}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--raises", required=True)
    parser.add_argument("--types", nargs="*", help="only these model types; named none: those of the tests")
    parser.add_argument("--parts", help="a folder for what is recorded so far, from which another run goes on")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=900, help="seconds for one architecture")
    args = parser.parse_args()

    types = modules.TYPES if args.types == [] else args.types
    names = sorted(modules.modeling_files(types))
    importlib.import_module("transformers.models.auto.modeling_auto")
    built = raising = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = args.parts or folder
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        problems = modules.record_parts(names, functools.partial(record, timeout=args.timeout), folder, args.jobs)

        def trees():
            nonlocal built
            for line in modules.read_parts(names, folder):
                if "type" not in line:
                    built += 1
                    yield line

        modules.write_lines(args.out, trees())
        with open(args.raises, "w", encoding="utf-8") as out:
            for line in modules.read_parts(names, folder):
                if "type" in line:
                    raising += 1
                    out.write(json.dumps(line) + "\n")
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{built} trees, {raising} raise, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
