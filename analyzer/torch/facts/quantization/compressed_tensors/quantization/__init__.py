# compressed_tensors.quantization, read from 0.20.0 and 0.12.2: which modules a configuration marks.
from __native__ import tensor_unknown
import re
from compressed_tensors.linear.compressed_linear import CompressedLinear
from compressed_tensors.modeling.attention import QuantizedAttentionImpl
from compressed_tensors.modeling.kvcache import QuantizedKVCache
from torch import nn


class QuantizationStatus:
    INITIALIZED = "initialized"
    CALIBRATION = "calibration"
    FROZEN = "frozen"
    COMPRESSED = "compressed"


class _Group:
    def __init__(self, content):
        self.targets = content if isinstance(content, list) else content["targets"]


class QuantizationConfig:
    @classmethod
    def model_validate(cls, values):
        self = cls()
        self.config_groups = {name: _Group(group) for name, group in (values["config_groups"] or {}).items()}
        self.ignore = values["ignore"] or []
        self.kv_cache_scheme = values["kv_cache_scheme"]
        self.quantization_status = values["quantization_status"]
        return self


def _fits_name(name, target):
    return re.match(target[3:], name) is not None if target.startswith("re:") else name == target


def _fits(name, module, target):
    return _fits_name(name, target) or any(base.__name__ == target for base in type(module).__mro__)


# Older versions do not look at the base classes of what is to be ignored.
def _ignored(name, module, ignore):
    return any(_fits_name(name, target) or type(module).__name__ == target for target in ignore)


# The class stays, or becomes CompressedLinear in older versions; the parameters are others.
def _mark(model, name, module):
    if isinstance(module, nn.Linear):
        marked = CompressedLinear(module.in_features, module.out_features, module.bias is not None)
        model.set_submodule(name, marked)
        module = marked
    module.weight = nn.Parameter(tensor_unknown())
    module.weight_scale = nn.Parameter(tensor_unknown())


def _mark_attention(module):
    module.impl = QuantizedAttentionImpl()
    module.kv_cache = QuantizedKVCache()
    module.k_scale = nn.Parameter(tensor_unknown())


def apply_quantization_config(model, config, *args, **kwargs):
    if config is None:
        return
    targets = [target for group in config.config_groups.values() for target in group.targets]
    for name, module in list(model.named_modules()):
        attention = type(module).__name__.endswith("Attention")
        if attention and config.kv_cache_scheme is not None:
            _mark_attention(module)
        if not any(_fits(name, module, target) for target in targets) or _ignored(name, module, config.ignore):
            continue
        if isinstance(module, (nn.Linear, nn.Embedding)):
            _mark(model, name, module)
        elif attention:
            _mark_attention(module)
