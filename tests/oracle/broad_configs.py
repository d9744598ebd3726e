#!/usr/bin/env python3
"""Record trees for changed configurations of every model type of the installed transformers, or what they raise.

usage: broad_configs.py --out configs.jsonl.xz [--types T...] [--drawn N] [--kinds K...] [--jobs N] [--parts DIR]

changed_configs.py looks closely at a few types; this looks at all of them. Nothing here knows a type: the changes are
drawn (the same ones every time) from what a configuration's defaults hold, at any depth. A line is as
changed_configs.py writes it. Models are built on the meta device, since defaults are as large as published models.
"""

import argparse
import collections
import functools
import json
import pathlib
import random
import sys
import tempfile

import modules
from transformers import CONFIG_MAPPING, AutoConfig, PretrainedConfig

ACTIVATIONS = ["relu", "gelu", "gelu_new", "silu", "quick_gelu", "gelu_pytorch_tanh", "tanh", "sigmoid", "mish",
               "linear"]
KINDS = ("layers", "flags", "activations", "sizes", "all", "nulls")
if hasattr(PretrainedConfig, "per_layer_config"):  # releases in which layers may differ
    KINDS += ("per_layer", "per_layer")
NULL = object()  # in the place of None, which leaves a key alone
# Kept as they are: what names a configuration, and what only says how to load or generate.
LEFT_ALONE = {
    "model_type", "transformers_version", "_name_or_path", "architectures", "id2label", "label2id", "problem_type",
    "dtype", "torch_dtype", "is_composition", "return_dict", "torchscript",
}


def values(config, generic, path=()):
    """(path, value) of everything that a configuration says itself, also inside of the configurations it holds."""
    for key, value in sorted(config.items()):
        if key in LEFT_ALONE or key.startswith("_") or (key in generic and key != "tie_word_embeddings"):
            continue
        if isinstance(value, dict):
            if key.endswith("config") or "model_type" in value:
                yield from values(value, generic, (*path, key))
        else:
            yield (*path, key), value


def is_layers(key):
    return "layers" in key or "depth" in key or "num_blocks" in key


def changed(rng, kind, key, value):
    """Another value for a key, or None to leave it alone."""
    if kind == "nulls":
        return NULL if value is not None and rng.random() < 0.08 else None
    if isinstance(value, bool):
        return not value if kind in ("flags", "all") and rng.random() < 0.4 else None
    if isinstance(value, int):
        if is_layers(key) and value > 0:
            return rng.randint(1, 5) if kind in ("layers", "all") else None
        if kind == "sizes" and 0 < value <= 65536 and rng.random() < 0.15:
            return value * rng.choice([2, 2, 3]) + rng.choice([0, 0, 0, 1])
        return None
    if isinstance(value, list) and is_layers(key) and kind == "layers" and all(type(v) is int for v in value):
        return [rng.randint(1, 3) for _ in value]
    if isinstance(value, str) and ("act" in key.split("_") or "activation" in key or "act_fn" in key):
        return rng.choice(ACTIVATIONS) if kind in ("activations", "all") else None
    if value is None and kind == "flags" and key.startswith(("use_", "add_", "has_", "is_")):
        return True
    return None


def change(rng, kind, config, generic):
    """The keys that are changed, nested as config.json nests them."""
    result = {}
    for path, value in values(config, generic):
        new = changed(rng, kind, path[-1], value)
        if new is None:
            continue
        inner = result
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
            if "model_type" in (part := config.get(name) or {}) and len(path) == 2:
                inner["model_type"] = part["model_type"]
        inner[path[-1]] = None if new is NULL else new
    return result


def per_layer(rng, config):
    """A few layers, and some of them with values of their own; nested as config.json nests them, None without layers."""
    part = config.get("text_config") or config
    count = part.get("num_hidden_layers")
    keys = [key for key, value in part.items() if isinstance(value, (bool, int)) and not is_layers(key) and key not in LEFT_ALONE]
    if not isinstance(count, int) or not keys:
        return None
    layers = rng.randint(2, 4)
    chosen = rng.sample(keys, min(len(keys), rng.randint(1, 3)))
    overrides = {}
    for layer in rng.sample(range(layers), rng.randint(1, layers)):
        overrides[str(layer)] = {key: not part[key] if isinstance(part[key], bool) else part[key] * 2 for key in chosen}
        if rng.random() < 0.3:
            overrides[str(layer)]["skip"] = [rng.choice(["mlp", "self_attn", "attention"])]
    inner = {"num_hidden_layers": layers, "per_layer_config": overrides}
    if rng.random() < 0.5:
        inner["allow_global_per_layer_attribute_access"] = True
    return inner if part is config else {"text_config": {"model_type": part.get("model_type"), **inner}}


def full(config_class, content):
    """What save_pretrained would write; what cannot be made or written stays as it is."""
    try:
        written = json.loads(config_class.from_dict(json.loads(json.dumps(content))).to_json_string())
    except Exception:  # recorded when it is built
        return content
    return {**written, "architectures": content["architectures"]}


def build(cls, content):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(json.dumps(content), encoding="utf-8")
        try:
            config = AutoConfig.from_pretrained(folder)
            model = modules.on_meta(lambda: modules.as_from_pretrained(cls, config))
            return {"tree": modules.tree(model, cls)}
        except Exception as error:  # what it raises is the answer
            told = modules.raised(error)
            told["message"] = told["message"].replace(folder, "FOLDER")
            return {"raises": told}


def cases(module, count, kinds):
    """Every (architecture, config.json) of a modeling file: `count` changes a configuration, classes in turn."""
    generic = PretrainedConfig().to_dict()
    of = collections.defaultdict(list)
    for cls in modules.architectures(module):
        model_type = getattr(cls.config_class, "model_type", "")
        if model_type in CONFIG_MAPPING and CONFIG_MAPPING[model_type] is cls.config_class:
            of[cls.config_class].append(cls)
    for config_class, classes in of.items():
        try:
            defaults = json.loads(json.dumps(config_class().to_dict()))
        except Exception:  # no defaults to change: trees.py has recorded that
            continue
        rng = random.Random(f"{module} {config_class.model_type}")
        for i in range(count):
            kind = kinds[i % len(kinds)]
            changes = per_layer(rng, defaults) if kind == "per_layer" else change(rng, kind, defaults, generic)
            if changes is None:
                continue
            content = {"model_type": config_class.model_type, **changes}
            for cls in {classes[-1 - i % len(classes)]: None, classes[i % len(classes)]: None}:
                named = {"architectures": [cls.__name__], **content}
                yield cls, full(config_class, named) if i % 2 else named


def record(module, problems, drawn, kinds, timeout):
    """The cases of one modeling file, each built in a child of its own."""
    try:
        work = list(cases(module, drawn, kinds))
    except ImportError:  # trees.py says so
        return
    seen = set()
    for cls, content in work:
        key = modules.dump([cls.__name__, content])
        if key in seen:
            continue
        seen.add(key)
        try:
            answer = modules.in_child(lambda: build(cls, content), timeout)
        except RuntimeError as error:
            problems.append(f"{cls.__name__} {content}: {error}")
            continue
        yield {"type": content["model_type"], "architecture": cls.__name__, "config": content, **answer}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    parser.add_argument("--types", nargs="*", help="only these model types")
    parser.add_argument("--drawn", type=int, default=len(KINDS), help="changes a configuration class")
    parser.add_argument("--kinds", nargs="*", help=f"only these of {' '.join(dict.fromkeys(KINDS))}")
    parser.add_argument("--parts", help="a folder for what is recorded so far, from which another run goes on")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=int, default=300, help="seconds for one model")
    args = parser.parse_args()

    names = sorted(modules.modeling_files(args.types))
    built = raising = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = args.parts or folder
        pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        work = functools.partial(record, drawn=args.drawn, kinds=args.kinds or KINDS, timeout=args.timeout)
        problems = modules.record_parts(names, work, folder, args.jobs)

        def lines():
            nonlocal built, raising
            for line in modules.read_parts(names, folder):
                built += "tree" in line
                raising += "raises" in line
                yield line

        modules.write_lines(args.out, lines())
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{built} trees, {raising} raise, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
