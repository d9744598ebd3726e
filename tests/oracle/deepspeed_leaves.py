#!/usr/bin/env python3
"""Record what DeepSpeed makes of generated leaf configurations: its parsing and apply_zero_leaf_module_config, run.

usage: deepspeed_leaves.py --out leaves.jsonl.xz --models models.jsonl [--count N]

The models file has a line per model, {"model": name, "config": all of config.json}. A line of the other is
    {"model", "config": the text of the file given to DeepSpeed,
     "error": null or {"type", "message"}: what reading the file raised; then the rest is absent,
     "stage": ZeRO's stage as parsed,
     "entries": {"classes": [...], "names": [...], "name_suffixes": [...]} as parsed (defaults filled in, doubles gone),
     "matches": {the same fields: [how many modules each entry flags]},
     "leaves": [names of the modules returned, in that order (a shared module's first name)],
     "warnings": [what was logged while applying]}
"""

import argparse
import contextlib
import importlib
import io
import logging
import os
import pathlib
import sys
import tempfile

import leaf_cases
import modules
from transformers import AutoConfig

with contextlib.redirect_stdout(io.StringIO()):
    from deepspeed.runtime.config import DeepSpeedConfig
    from deepspeed.utils import logger
    from pydantic import ValidationError

# By name: the package has a function that is called as the file is.
z3 = importlib.import_module("deepspeed.utils.z3_leaf_module")


class Warnings(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


def told(error, path):
    """An exception, without what changes from machine to machine."""
    if isinstance(error, ValidationError):
        parts = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        return {"type": "ValidationError", "message": "; ".join(parts)}
    return {"type": type(error).__name__, "message": str(error).replace(path, "FILE")}


def matches(model, leaf):
    """How many modules each entry flags on its own."""

    def flagged(function, entry):
        answer = function(model, [entry], raise_if_not_found=False)
        found = answer[0] if isinstance(answer, tuple) else answer
        return len({id(module) for module in found})

    return {
        "classes": [flagged(z3.set_z3_leaf_modules, entry) for entry in leaf.classes],
        "names": [flagged(z3.set_z3_leaf_modules_by_name, entry) for entry in leaf.names],
        "name_suffixes": [flagged(z3.set_z3_leaf_modules_by_suffix, entry) for entry in leaf.name_suffixes],
    }


def run(model, text):
    """Give one configuration to DeepSpeed, as deepspeed.initialize(config=path) does, and apply it to the model."""
    with tempfile.NamedTemporaryFile("wb", suffix=".json", delete=False) as file:
        file.write(text.encode())
    try:
        zero = DeepSpeedConfig(file.name).zero_config
    except Exception as error:  # what it raises is the answer
        return {"error": told(error, file.name)}
    finally:
        os.unlink(file.name)
    leaf = zero.leaf_module
    answer = {"error": None, "stage": int(zero.stage)}
    answer["entries"] = {f: list(getattr(leaf, f)) for f in ("classes", "names", "name_suffixes")}
    answer["matches"] = matches(model, leaf)

    for module in model.modules():
        module.__dict__.pop("_z3_leaf", None)
    first = {id(module): name for name, module in model.named_modules()}
    heard = Warnings()
    logger.addHandler(heard)
    try:
        returned = z3.apply_zero_leaf_module_config(model, leaf)
    finally:
        logger.removeHandler(heard)
    answer["leaves"] = [first[id(module)] for module in returned]
    answer["warnings"] = heard.texts
    assert {id(m) for m in returned} == {id(m) for m in z3.get_z3_leaf_modules(model)}
    return answer


def record(key, config, count):
    """Every line of one model."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(modules.dump(config), encoding="utf-8")
        parsed = AutoConfig.from_pretrained(folder)
    name = config["architectures"][0]
    classes = [c for m in modules.modeling_files([config["model_type"]]) for c in modules.architectures(m)]
    model = modules.as_from_pretrained(next(c for c in classes if c.__name__ == name), parsed)
    return [{"model": key, "config": text, **run(model, text)} for text in leaf_cases.configs(key, model, count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--models", required=True)
    parser.add_argument("--count", type=int, default=32, help="configurations a model")
    args = parser.parse_args()
    logger.setLevel(logging.WARNING)
    logger.handlers = [logging.NullHandler()]  # its own one prints; what is said is recorded
    logger.propagate = False

    problems = 0
    lines = []
    for key, config in leaf_cases.models():
        try:
            lines += modules.in_child(lambda: record(key, config, args.count), 600)
        except RuntimeError as error:
            print(f"{key}: {error}", file=sys.stderr)
            problems += 1
    modules.write_lines(args.models, ({"model": key, "config": config} for key, config in leaf_cases.models()))
    modules.write_lines(args.out, lines)
    print(f"{len(lines)} configurations, {sum(bool(x['error']) for x in lines)} raise, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
