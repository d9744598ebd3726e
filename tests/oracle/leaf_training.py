"""What one training step of real DeepSpeed says of a leaf: does it survive it?

Builds tiny models of the installed transformers, makes modules leaves by `zero_optimization.leaf_module`, and trains one
step of ZeRO stage 3 on the CPU with one rank (gloo).  The first line holds the
versions; then comes one for each case, in the order of CASES:

    {"case", "architecture", "model_type", "config", "leaf_module", "outcome": "runs" | "raises" | "not updated", "error"}

`not updated`: the step went through, but parameters of a leaf are what they were before, though they got a gradient
in the same step without leaves.

    DS_ACCELERATOR=cpu VENV/bin/python tests/oracle/leaf_training.py OUT.jsonl [CASE...]
"""
import gc
import json
import os
import socket
import sys
import traceback

os.environ.setdefault("DS_ACCELERATOR", "cpu")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import deepspeed
import torch
import transformers
from deepspeed.runtime.zero import parameter_offload

torch.set_num_threads(1)
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from leaf_training_cases import CASES  # noqa: E402

VERSION = transformers.__version__


def batch_of(model, config):
    torch.manual_seed(0)
    names = type(model).main_input_name
    if names == "pixel_values":
        size = getattr(config, "image_size", 32)
        size = size if isinstance(size, int) else size[0]
        return {"pixel_values": torch.randn(2, config.num_channels, size, size), "labels": torch.tensor([0, 1])}
    vocabulary = config.get_text_config().vocab_size
    ids = torch.randint(3, vocabulary, (2, 8))
    batch = {"input_ids": ids, "labels": ids.clone()}
    if "Classification" in type(model).__name__:
        batch["labels"] = torch.tensor([0, 1])
    return batch


def train(case, leaf_module):
    """The names of the parameters that the step changed, and how many there are; raises what DeepSpeed raises."""
    cls = getattr(transformers, case["architecture"])
    config = cls.config_class(**case["config"])
    torch.manual_seed(0)
    model = cls(config)
    model.train()
    batch = batch_of(model, config)
    before = {name: parameter.detach().clone() for name, parameter in model.named_parameters()}
    zero = {"stage": 3, "stage3_param_persistence_threshold": 0}
    if leaf_module is not None:
        zero["leaf_module"] = leaf_module
    settings = {"train_batch_size": 2, "zero_optimization": zero, "zero_allow_untested_optimizer": True}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    engine, *_ = deepspeed.initialize(model=model, optimizer=optimizer, config=settings)
    loss = engine(**batch).loss
    engine.backward(loss)
    engine.step()
    changed = set()
    for name, parameter in model.named_parameters():
        with deepspeed.zero.GatheredParameters([parameter]):
            if not torch.equal(parameter.detach().float(), before[name].to(parameter.dtype).float()):
                changed.add(name)
    return changed


def in_this_process(case, leaf_module):
    """train(), and what it raised; what DeepSpeed keeps in its modules is put back for the next case."""
    try:
        return {"changed": sorted(train(case, leaf_module))}
    except Exception as error:
        if os.environ.get("SHOW"):
            traceback.print_exc()
        lines = str(error).strip().split("\n")
        return {"error": {"type": type(error).__name__, "message": lines[0][:160]}}
    finally:
        parameter_offload.FWD_MODULE_STACK.clear()
        gc.collect()


def main():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), RANK="0", LOCAL_RANK="0", WORLD_SIZE="1")
    wanted = set(sys.argv[2:])
    plain = {}
    with open(sys.argv[1], "w") as out:
        versions = {"transformers": VERSION, "torch": torch.__version__.split("+")[0], "deepspeed": deepspeed.__version__}
        out.write(json.dumps({"versions": versions}, sort_keys=True) + "\n")
        for case in CASES[VERSION]:
            if wanted and case["case"] not in wanted:
                continue
            print(case["case"], end=" ", file=sys.stderr, flush=True)
            key = json.dumps([case["architecture"], case["config"]])
            if key not in plain:
                plain[key] = in_this_process(case, {"classes": []})
            row = {name: case[name] for name in ("case", "architecture", "config")}
            row["model_type"] = getattr(transformers, case["architecture"]).config_class.model_type
            row["leaf_module"] = case["leaf_module"]
            if "error" in plain[key]:
                row["outcome"], row["error"] = "fails without leaves", plain[key]["error"]
            else:
                answer = in_this_process(case, case["leaf_module"])
                row["error"] = answer.get("error")
                if "error" in answer:
                    row["outcome"] = "raises"
                elif set(plain[key]["changed"]) - set(answer["changed"]):
                    row["outcome"] = "not updated"
                else:
                    row["outcome"] = "runs"
            out.write(json.dumps(row, sort_keys=True) + "\n")
            out.flush()
            print(row["outcome"], row["error"], file=sys.stderr)


if __name__ == "__main__":
    main()
