# What from_pretrained() does to a model whose configuration has a `quantization_config`, up to the weights: the
# release's own quantizer replaces modules, in an environment where it can (a GPU, and its packages).  Then, by method,
# what loading weights does to what is left.  Read against 4.57.6 and 5.23.0.
from __native__ import resolve_signature, tensor_unknown, unknown
import torch
from torch import nn
import transformers.quantizers.auto as _auto

DEVICE_MAP = {"": 0}

# Loading weights changes nothing but parameters of the modules that were replaced before it.
_REPLACED_ONLY = (
    "aqlm", "awq", "bitnet", "bitsandbytes", "compressed-tensors", "eetq", "fbgemm_fp8", "fp8", "fp_quant", "gemma",
    "gptq", "higgs", "metal", "mxfp4", "mxfp8", "nvfp4", "quanto", "sinq", "spqr", "vptq",
)


def quantize(model):
    """None: there is nothing to quantize. True: done."""
    config = model.config
    given = getattr(config, "quantization_config", None)
    if given is None and hasattr(_auto, "get_hf_quantizer") and _asks_text_config():
        given = getattr(config.get_text_config(decoder=True), "quantization_config", None)
    if given is None:
        return None
    if not _auto.AutoHfQuantizer.supports_quant_method(given):
        return unknown("this release does not know that method")
    quantizer, config = _quantizer(config, given)
    if hasattr(quantizer, "update_dtype"):
        quantizer.update_dtype(torch.bfloat16)
    method = quantizer.quantization_config.quant_method
    method = getattr(method, "value", method)
    model.config = config
    quantizer.preprocess_model(
        model=model,
        dtype=None,
        device_map=DEVICE_MAP,
        keep_in_fp32_modules=model._keep_in_fp32_modules,
        config=config,
        checkpoint_files=None,
        use_kernels=False,
    )
    return _load(model, quantizer, method)


# Since 5.0 also the text part's is looked for.
def _asks_text_config():
    return not any(row[0] == "from_tf" for row in resolve_signature(_auto.get_hf_quantizer))


def _quantizer(config, given):
    """The release's get_hf_quantizer; before 4.57 from_pretrained() does the same itself."""
    if hasattr(_auto, "get_hf_quantizer"):
        values = {
            "config": config,
            "quantization_config": None,
            "dtype": torch.bfloat16,
            "from_tf": False,
            "from_flax": False,
            "device_map": DEVICE_MAP,
            "weights_only": True,
            "user_agent": {},
        }
        names = [row[0] for row in resolve_signature(_auto.get_hf_quantizer)]
        found = _auto.get_hf_quantizer(**{name: values[name] for name in names if name in values})
        return found[0], found[1]
    config.quantization_config = _auto.AutoHfQuantizer.merge_quantization_configs(given, None)
    quantizer = _auto.AutoHfQuantizer.from_config(config.quantization_config, pre_quantized=True)
    quantizer.validate_environment(
        torch_dtype=torch.bfloat16, from_tf=False, from_flax=False, device_map=DEVICE_MAP, weights_only=True
    )
    return quantizer, config


def _load(model, quantizer, method):
    config = quantizer.quantization_config
    if method == "awq" and getattr(config, "do_fuse", False):
        return unknown("fused modules of awq are not worked out")
    if method == "hqq":
        _load_hqq(model, config)
    elif method == "torchao":
        _load_torchao(model, config)
    elif method == "compressed-tensors" and not getattr(config, "quantization_config", None):
        _load_sparse(model)
    elif method not in _REPLACED_ONLY:
        return unknown(f"what loading weights replaces with the method {method} is not known")
    return True


# 4.x puts a quantized layer in the place of each linear one whose weights it finds quantized.
def _load_hqq(model, config):
    from hqq.core.quantize import HQQLinear

    for name, module in list(model.named_modules()):
        if isinstance(module, nn.Linear) and not any(skipped in name for skipped in config.skip_modules):
            model.set_submodule(name, HQQLinear())


# The modules stay, their weights become tensors of other kinds.  Configurations by name may mean any parameter.
def _load_torchao(model, config):
    by_name = "Fqn" in getattr(config.quant_type, "class_name", "")
    for module in model.modules():
        if by_name:
            for name, parameter in list(module.named_parameters(recurse=False)):
                setattr(module, name, nn.Parameter(tensor_unknown()))
        elif isinstance(module, (nn.Linear, nn.Embedding)):
            module.weight = nn.Parameter(tensor_unknown())


def _load_sparse(model):
    for module in model.modules():
        if isinstance(module, nn.Linear):
            module.weight = nn.Parameter(tensor_unknown())
            module.weight_bitmask = nn.Parameter(tensor_unknown())
