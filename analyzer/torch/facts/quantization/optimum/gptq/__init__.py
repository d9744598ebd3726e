# optimum.gptq, read from 2.3.0: which layers become quantized ones.  Older versions also take subclasses of Linear, so
# that those may be replaced or not.  Each goes behind its siblings, in the order of their names.
from gptqmodel import QuantLinear
from torch import nn
from transformers.pytorch_utils import Conv1D


_BLOCK_PATTERNS = (
    "transformer.h", "model.decoder.layers", "gpt_neox.layers", "model.layers", "model.language_model.layers", "h",
    "decoder.layers", "layers",
)


def _block_name(model):
    names = [name for name, module in model.named_modules()]
    for pattern in _BLOCK_PATTERNS:
        if any(name.startswith(pattern) for name in names):
            return pattern
    raise ValueError("Block pattern could not be match. Pass `block_name_to_quantize` argument in `quantize_model`")


def _layers(module, prefix, name):
    if isinstance(module, (nn.Linear, Conv1D, nn.Conv2d)):
        return [name] if name.startswith(prefix) else []
    found = []
    for child_name, child in module.named_children():
        found.extend(_layers(child, prefix, f"{name}.{child_name}" if name else child_name))
    return found


class GPTQQuantizer:
    @classmethod
    def from_dict(cls, config_dict):
        self = cls()
        self.block_name_to_quantize = config_dict.get("block_name_to_quantize")
        self.modules_in_block_to_quantize = config_dict.get("modules_in_block_to_quantize")
        return self

    def convert_model(self, model, **kwargs):
        block = self.block_name_to_quantize
        if block is None:
            block = _block_name(model)
        names = _layers(model, block, "")
        if self.modules_in_block_to_quantize is not None:
            kept = sum(self.modules_in_block_to_quantize, [])
            names = [name for name in names if any(name.endswith(layer) for layer in kept)]
        for name in sorted(names):
            above, _, last = name.rpartition(".")
            parent = model.get_submodule(above) if above else model
            delattr(parent, last)
            setattr(parent, last, QuantLinear())
        return model

    def post_init_model(self, model):
        return model
