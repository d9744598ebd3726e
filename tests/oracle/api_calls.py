#!/usr/bin/env python3
"""Compare what leaflint says of calls in training scripts with DeepSpeed's own functions, on models that torch builds.

usage: api_calls.py LEAFLINT SOURCES [--count N]

Runs in the environment of setup.sh, whose transformers is the one of SOURCES. Each drawn script has one call of the API; it
is run, and what raised, or which modules are flagged, is compared with `check` and `leaves`. Nothing drawn is random.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

import torch
import transformers
from deepspeed.runtime.zero.leaf_module_config import DeepSpeedZeroLeafModuleConfig
from deepspeed.utils.z3_leaf_module import apply_zero_leaf_module_config
from transformers import AutoConfig, AutoModelForCausalLM

TYPES = ["mixtral", "qwen2_moe", "phimoe", "jamba", "deepseek_v3", "gpt_oss", "llama"]


def draw(drawing, model):
    """One script: the imports and the call."""
    modules = dict(model.named_modules())
    classes = sorted({type(module) for module in modules.values()}, key=lambda kind: kind.__qualname__)
    bases = [base for kind in classes for base in kind.__mro__ if base.__module__.startswith(("transformers.", "torch.nn"))]
    imports, items = [], []
    api = drawing.choice(["set_z3_leaf_modules", "set_z3_leaf_modules", "unset_z3_leaf_modules",
                          "set_z3_leaf_modules_by_name", "set_z3_leaf_modules_by_suffix"])
    for _ in range(drawing.randint(1, 3)):
        if api.endswith("_name"):
            text = drawing.choice([*modules, "model.nothing", "model.layers.999", "layers.0", ""])
        elif api.endswith("_suffix"):
            name = drawing.choice(list(modules))
            text = drawing.choice([name[drawing.randint(0, len(name)):], "mlp", "nothing", ".gate", "experts"])
        else:
            kind = drawing.choice(drawing.choice([classes, bases, [transformers.models.bert.modeling_bert.BertLayer]]))
            text = drawing.choice([kind.__name__, f"{kind.__module__}.{kind.__qualname__}", kind.__name__ + "x", kind])
        if isinstance(text, type):
            imports.append(f"from {text.__module__} import {text.__qualname__}")
            items.append(text.__qualname__)
        else:
            items.append(repr(text))
    more = drawing.choice(["", "", ", raise_if_not_found=False"])
    return "\n".join([f"from deepspeed.utils import {api}", *imports, f"{api}(model, [{', '.join(items)}]{more})", ""])


def run(program, command, path, architecture, sources):
    done = subprocess.run([program, command, "--model", architecture, "--sources", sources, "--output-format", "json", path],
                          capture_output=True, text=True)
    if done.returncode > 1:
        sys.exit(f"{done.returncode}: {done.stderr}")
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("leaflint")
    parser.add_argument("sources")
    parser.add_argument("--count", type=int, default=40, help="scripts for each model type")
    options = parser.parse_args()
    drawing = random.Random(7)
    counts = {"scripts": 0, "raise": 0, "differ": 0, "cannot tell": 0}
    import transformers.models.bert.modeling_bert  # noqa: F401
    for model_type in TYPES:
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(AutoConfig.for_model(model_type))
        architecture = type(model).__name__
        for _ in range(options.count):
            script = draw(drawing, model)
            for module in model.modules():
                module._z3_leaf = False
            apply_zero_leaf_module_config(model, DeepSpeedZeroLeafModuleConfig())
            raised = False
            try:
                exec(script, {"model": model})
            except ValueError:
                raised = True
            real = {name for name, module in model.named_modules() if module._z3_leaf}
            with tempfile.TemporaryDirectory() as folder:
                path = os.path.join(folder, "train.py")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(script)
                findings = run(options.leaflint, "check", path, architecture, options.sources)["diagnostics"]
                leaves = run(options.leaflint, "leaves", path, architecture, options.sources)
            said = any("raises ValueError" in finding["message"] for finding in findings)
            own = {leaf["name"] for leaf in leaves["leaves"]}
            counts["scripts"] += 1
            counts["raise"] += raised
            unsets = "unset" in script
            doubts = bool(leaves.get("doubts"))
            counts["cannot tell"] += (raised and not said) or doubts
            if (said and not raised) or not own <= real | (own if unsets or raised else set()) or (
                    not raised and not unsets and not doubts and own != real):
                counts["differ"] += 1
                print(f"{architecture}: raised {raised}, said {said}, {len(own ^ real)} leaves differ\n{script}")
    print(counts)
    return counts["differ"] > 0


if __name__ == "__main__":
    sys.exit(main())
