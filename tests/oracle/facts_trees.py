#!/usr/bin/env python3
"""Build every architecture of a transformers release with leaflint's fact files, run by CPython, and print its tree.

usage: facts_trees.py --release DIR/transformers [--types T...] [--only NAME...] [--packages P...] > trees.jsonl

Needs neither torch nor transformers installed.  The lines are those of `leaflint tree --output-format jsonl`; status is
"partial" where a decision was asked of something that cannot be told.  It tests the facts, not leaflint's evaluator.
"""

import argparse
import ast
import json
import pathlib
import sys
import time

import lazy_python
import native_shim


def modeling_files(release, types):
    for path in sorted(release.glob("models/**/modeling_*.py")):
        if path.stem.startswith(("modeling_tf_", "modeling_flax_")):
            continue
        parts = path.relative_to(release).with_suffix("").parts
        if not types or parts[1] in types:
            yield ".".join(("transformers", *parts)), path


def named_classes(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(getattr(one, "id", None) == "__all__" for one in node.targets):
            return list(ast.literal_eval(node.value))
    return [node.name for node in tree.body if isinstance(node, ast.ClassDef)]


def tree(model, cls, status, reasons):
    modules = []
    for name, module in model.named_modules():
        own = {}
        for key, value in module.named_parameters(recurse=False):
            own[key] = None if value._shape is None else list(value._shape)
        modules.append([name, f"{type(module).__module__}.{type(module).__qualname__}", own])
    sizes = [native_shim.shape_of(one) for one in model.parameters()]
    total = None if None in sizes else sum(native_shim.math.prod(one) for one in sizes)
    result = {
        "architecture": cls.__name__,
        "module": cls.__module__,
        "status": status,
        "params": total,
        "modules": modules,
    }
    if reasons:
        result["unresolved"] = [{"name": "", "reason": one} for one in dict.fromkeys(reasons)]
    return result


def architectures(loader, base, dotted, path):
    module = loader.import_module(dotted)
    for name in sorted(set(named_classes(path))):
        try:
            cls = getattr(module, name)
        except Exception as error:  # a class that cannot be made is reported by whoever asked for it
            yield name, error
            continue
        if not isinstance(cls, type) or not issubclass(cls, base):
            continue
        if name.endswith("PreTrainedModel") or cls.__module__ != dotted or cls.config_class is None:
            continue
        yield name, cls


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--release", required=True, type=pathlib.Path)
    parser.add_argument("--types", nargs="*")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--packages", nargs="*", default=["peft_is_absent"], help="packages to take as installed")
    parser.add_argument("--trace", action="store_true", help="show where an exception comes from")
    args = parser.parse_args()

    sys.setrecursionlimit(20000)
    version = (args.release / "__init__.py").read_text(encoding="utf-8").split("__version__ = ")[1].split('"')[1]
    native_shim.environment_values["transformers_version"] = version
    native_shim.available_packages.update(args.packages)
    loader = lazy_python.Loader(args.release, native_shim)
    base = loader.import_module("transformers.modeling_utils").PreTrainedModel
    for dotted, path in modeling_files(args.release, args.types):
        for name, cls in architectures(loader, base, dotted, path):
            if args.only and name not in args.only:
                continue
            started = time.process_time()
            native_shim.guesses.clear()
            try:
                if isinstance(cls, Exception):
                    raise cls
                model = cls(cls.config_class())
                line = tree(model, cls, "partial" if native_shim.guesses else "exact", native_shim.guesses)
            except Exception as error:
                if args.trace:
                    import traceback

                    traceback.print_exc()
                line = {"architecture": name, "module": dotted, "status": "raises", "params": None, "modules": []}
                line["raises"] = {"type": type(error).__name__, "message": str(error).replace("\n", " ")[:160]}
                if native_shim.guesses:
                    line["unresolved"] = [{"name": "", "reason": one} for one in dict.fromkeys(native_shim.guesses)]
            line["seconds"] = round(time.process_time() - started, 3)
            print(json.dumps(line, separators=(",", ":")), flush=True)


if __name__ == "__main__":
    main()
