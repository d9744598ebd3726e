# What runs, and with what, is decided when it runs: nothing is claimed.
import deepspeed.utils as du
from deepspeed.utils import set_z3_leaf_modules
from mylib import MyBlock


def for_qwen(model):
    set_z3_leaf_modules(model, ["Qwen2MoeSparseMoeBlock"])


def main(args):
    model = load(args)
    if model.config.model_type == "qwen2_moe":
        for_qwen(model)
    elif model.config.model_type == "jamba":
        set_z3_leaf_modules(model, ["JambaSparseMoeBlock"])
    set_z3_leaf_modules(model, [MyBlock])
    set_z3_leaf_modules(model, args.blocks)
    set_z3_leaf_modules(model.vision_tower, ["Nothing"])
    blocks = ["First"]
    blocks.append("Second")
    set_z3_leaf_modules(model, blocks)
    try:
        du.set_z3_leaf_modules(model, ["Perhaps"])
    except ValueError:
        pass
    for name in args.names:
        du.set_z3_leaf_modules_by_name(model, [name])
    if args.eval_only:
        return
    set_z3_leaf_modules(model, ["Later"])


main(parse())
