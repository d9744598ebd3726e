#!/usr/bin/env python3
"""Record the trees of models whose config.json differs from the defaults, or what building them raises.

usage: changed_configs.py --out configs.jsonl.xz [--types T...] [--drawn N]

Every case is a folder with a config.json, read by AutoConfig and built as from_pretrained would build it. A line is
    {"type", "architecture", "config": all of config.json, "tree": a line as trees.py writes it}
or, when the configuration or the model cannot be made, "raises": {"type", "message"} in the place of "tree".
"""

import argparse
import json
import pathlib
import sys
import tempfile

import config_cases
import modules
from transformers import CONFIG_MAPPING, AutoConfig, PretrainedConfig


def full(content, style):
    """What save_pretrained would write for this configuration ("diff"), or all that it holds ("all").

    A configuration that cannot be made, or whose JSON cannot be written, stays as it is.
    """
    try:
        config = CONFIG_MAPPING[content["model_type"]].from_dict(json.loads(json.dumps(content)))
        written = json.loads(config.to_json_string(use_diff=style == "diff"))
    except Exception:  # recorded when it is built
        return content
    return {**written, "architectures": content["architectures"]}


def build(cls, content):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(json.dumps(content), encoding="utf-8")
        try:
            config = AutoConfig.from_pretrained(folder)
            return {"tree": modules.tree(modules.as_from_pretrained(cls, config), cls)}
        except Exception as error:  # what it raises is the answer
            told = modules.raised(error)
            told["message"] = told["message"].replace(folder, "FOLDER")
            return {"raises": told}


def cases(model_type, count):
    """Every (architecture, config.json) of a type; written as a person would, as saved, and in full, in turn."""
    classes = [cls for name in modules.modeling_files([model_type]) for cls in modules.architectures(name)]
    generic = PretrainedConfig().to_dict()
    own = {k: v for k, v in CONFIG_MAPPING[model_type]().to_dict().items() if k not in generic}
    changes = config_cases.CHOSEN[model_type] + list(config_cases.drawn(model_type, own, count))
    for i, change in enumerate(changes):
        # Two classes a change: the one with the head that people train, and another in turn.
        for cls in {classes[0]: None, classes[i % len(classes)]: None}:
            content = {"architectures": [cls.__name__], "model_type": model_type, **config_cases.BASES[model_type]}
            content.update(change)
            style = ("as written", "diff", "as written", "all")[i % 4]
            yield cls, content if style == "as written" else full(content, style)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--types", nargs="*", default=modules.TYPES)
    parser.add_argument("--drawn", type=int, default=24, help="random changes a type")
    args = parser.parse_args()

    problems = built = raising = 0
    lines = []
    seen = set()
    for model_type in args.types:
        for cls, content in cases(model_type, args.drawn):
            key = modules.dump([cls.__name__, content])
            if key in seen:
                continue
            seen.add(key)
            try:
                answer = modules.in_child(lambda: build(cls, content), 300)
            except RuntimeError as error:
                print(f"{cls.__name__} {content}: {error}", file=sys.stderr)
                problems += 1
                continue
            built += "tree" in answer
            raising += "raises" in answer
            lines.append({"type": model_type, "architecture": cls.__name__, "config": content, **answer})
    modules.write_lines(args.out, lines)
    print(f"{built} trees, {raising} raise, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
