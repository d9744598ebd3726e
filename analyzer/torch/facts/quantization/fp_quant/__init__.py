# fp_quant, read from 0.3.2: every linear layer whose name does not end as one of those that are kept.
from __native__ import unknown
from fp_quant.module.linear import FPQuantLinear
from torch import nn

__version__ = "0.3.2"


class FPQuantDtype:
    MXFP4 = "mxfp4"
    NVFP4 = "nvfp4"
    MXFP8 = "mxfp8"
    BF16 = "bf16"


class FPQuantConfig:
    def __init__(self, modules_to_not_convert=None, **kwargs):
        self.modules_to_not_convert = modules_to_not_convert


def replace_with_fp_quant_linear(model, fp_quant_linear_config, *args, **kwargs):
    kept = fp_quant_linear_config.modules_to_not_convert
    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear) and not any(name.endswith(key) for key in kept):
            model.set_submodule(name, FPQuantLinear())


def __getattr__(name):
    return unknown(f"fp_quant.{name}")
