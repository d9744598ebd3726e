#!/usr/bin/env python3
"""Record the two trees of models whose config.json has a quantization_config: as from_config builds it, and as
from_pretrained leaves it before weights are loaded, on a machine whose GPU and kernels are pretended.

usage: quantized.py --out quantized.jsonl.xz

Needs accelerate, bitsandbytes, optimum, optimum-quanto, compressed-tensors, aqlm, hqq, torchao, loguru and termcolor
in the environment of setup.sh (pip install --no-deps); the case of a package that is missing is left out and named.
A line is
    {"method", "architecture", "config": all of config.json, "plain": a tree of trees.py, "quantized": another}
"""

import argparse
import enum
import importlib
import importlib.machinery
import importlib.metadata
import inspect
import json
import pathlib
import sys
import tempfile
import types

import modules
import quantized_cases
import torch
import transformers
from transformers import AutoConfig


def stub(name, **attributes):
    module = types.ModuleType(name)
    module.__path__ = []
    module.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
    for key, value in attributes.items():
        setattr(module, key, value)
    sys.modules[name] = module


def keep(function=None, **kwargs):
    return function if function is not None else keep


def pretend():
    """A GPU, and packages that only hold kernels."""
    kernel = types.SimpleNamespace()
    stub("kernels", get_kernel=lambda *args, **kwargs: kernel, __version__="0.18.2")
    stub("triton", jit=keep, Config=keep, autotune=lambda *args, **kwargs: keep, __version__="3.5.1")
    stub("triton.language", constexpr=int)
    stub("gptqmodel", __version__="7.7.0")
    stub("gptqmodel.quantization", METHOD=types.SimpleNamespace(AWQ="awq"))
    stub("gptqmodel.quantization.awq")
    stub("gptqmodel.quantization.awq.modules")
    stub("gptqmodel.quantization.awq.modules.act", ScaledActivation=None)
    stub("gptqmodel.utils")
    stub("gptqmodel.utils.importer", hf_select_quant_linear_v2=lambda **kwargs: TorchQuantLinear)
    stub("awq")
    stub("awq.modules")
    stub("awq.modules.act", ScaledActivation=None)
    stub("awq.modules.linear")
    stub("awq.modules.linear.gemm", WQLinear_GEMM=TorchQuantLinear)
    folder = pathlib.Path(transformers.__file__).parent
    for path in sorted(folder.glob("integrations/*.py")) + sorted(folder.glob("quantizers/*.py")):
        try:
            importlib.import_module(f"transformers.{path.parent.name}.{path.stem}")
        except Exception as error:
            print(f"{path.name}: {error}", file=sys.stderr)
    pretend_optimum()
    version = importlib.metadata.version
    importlib.metadata.version = lambda name: "7.7.0" if name == "gptqmodel" else version(name)
    torch.cuda.is_available = lambda: True
    torch.cuda.get_device_capability = lambda device=None: (9, 0)
    torch.cuda.current_device = lambda: 0
    torch.accelerator.current_accelerator = lambda check_available=False: torch.device("cuda")
    torch.backends.mps.is_available = lambda: True
    there = [f"is_{name}_available" for name in ("kernels", "gptqmodel", "triton", "fbgemm_gpu", "eetq", "auto_awq")]
    replaced = {
        **{name: lambda *args, **kwargs: True for name in there},
        "validate_bnb_backend_availability": lambda *args, **kwargs: True,
        "get_kernel": lambda *args, **kwargs: kernel,
        "get_quantize_fp8_per_row": lambda *args, **kwargs: None,
    }
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("transformers"):
            for name, value in replaced.items():
                if name in vars(module):
                    setattr(module, name, value)


def pretend_optimum():
    """optimum binds what it needs of gptqmodel when it is imported, and only where that is installed."""
    try:
        import optimum.gptq.quantizer as quantizer
    except Exception as error:
        print(f"optimum: {error}", file=sys.stderr)
        return
    quantizer.is_gptqmodel_available = lambda: True
    quantizer.QuantizeConfig = lambda *args, **kwargs: types.SimpleNamespace()
    quantizer.METHOD = enum.Enum("METHOD", {"GPTQ": "gptq"})
    quantizer.FORMAT = enum.Enum("FORMAT", {"GPTQ": "gptq", "GPTQ_V2": "gptq_v2"})
    quantizer.BACKEND = enum.Enum("BACKEND", {"AUTO": "auto"})
    quantizer.hf_select_quant_linear_v2 = lambda **kwargs: TorchQuantLinear


class TorchQuantLinear(torch.nn.Module):
    """Stands for the class that gptqmodel picks."""

    def __init__(self, *args, **kwargs):
        super().__init__()


def quantizer_of(config):
    from transformers.quantizers.auto import get_hf_quantizer

    values = {
        "config": config, "quantization_config": None, "dtype": torch.bfloat16, "from_tf": False, "from_flax": False,
        "device_map": {"": 0}, "weights_only": True, "user_agent": {},
    }
    names = inspect.signature(get_hf_quantizer).parameters
    return get_hf_quantizer(**{name: values[name] for name in names if name in values})[:2]


def trees(content):
    cls = getattr(transformers, content["architectures"][0])
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "config.json").write_text(json.dumps(content), encoding="utf-8")
        config = AutoConfig.from_pretrained(folder)
        plain = modules.tree(modules.on_meta(lambda: cls(config)), cls)
        config = AutoConfig.from_pretrained(folder)
        quantizer, config = quantizer_of(config)

        def build():
            model = cls(config)
            if transformers.__version__.startswith("4."):
                model.tie_weights()
            quantizer.preprocess_model(
                model=model, dtype=torch.bfloat16, device_map={"": 0}, checkpoint_files=None, use_kernels=False,
                keep_in_fp32_modules=model._keep_in_fp32_modules, config=model.config,
            )
            return model

        return {"plain": plain, "quantized": modules.tree(modules.on_meta(build), cls)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    pretend()
    lines, problems = [], 0
    for method, content in quantized_cases.cases():
        if not hasattr(transformers, content["architectures"][0]):
            continue
        try:
            answer = modules.in_child(lambda: trees(content), 300)
        except RuntimeError as error:
            print(f"{content['architectures'][0]}, {method}: {error}", file=sys.stderr)
            problems += 1
            continue
        lines.append({"method": method, "architecture": content["architectures"][0], "config": content, **answer})
    modules.write_lines(args.out, lines)
    print(f"{len(lines)} models, {problems} problems")


if __name__ == "__main__":
    main()
