"""What `leaflint leaves` says, by the real thing: builds the model on the meta device, lets DeepSpeed apply the config.

usage: VENV/bin/python bench/today.py ARCHITECTURE CONFIG
"""

import json
import sys

import torch
import transformers
from deepspeed.runtime.zero.config import get_zero_config
from deepspeed.utils.z3_leaf_module import apply_zero_leaf_module_config


def main(architecture, path):
    model_class = getattr(transformers, architecture)
    with torch.device("meta"):
        model = model_class(model_class.config_class())
    with open(path, encoding="utf-8") as file:
        config = get_zero_config(json.load(file))
    print(len(apply_zero_leaf_module_config(model, config.leaf_module)), "leaves")


if __name__ == "__main__":
    main(*sys.argv[1:])
