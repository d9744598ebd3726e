# Facts of torch 2.13.0, torch.cuda.
from __native__ import environment, unknown, unknown_plain


def is_available():
    return True if environment("quantizing") else unknown_plain("torch.cuda.is_available()")


def device_count():
    return unknown_plain("torch.cuda.device_count()")


def is_bf16_supported(including_emulation=True):
    return unknown_plain("torch.cuda.is_bf16_supported()")


def is_initialized():
    return False


def empty_cache():
    pass


def manual_seed(seed):
    pass


def manual_seed_all(seed):
    pass


def get_device_capability(device=None):
    if environment("quantizing"):
        return (9, 0)
    raise AssertionError("Torch not compiled with CUDA enabled")


def current_device():
    if environment("quantizing"):
        return 0
    raise AssertionError("Torch not compiled with CUDA enabled")


def get_device_name(device=None):
    raise AssertionError("Torch not compiled with CUDA enabled")


def get_device_properties(device=None):
    raise AssertionError("Torch not compiled with CUDA enabled")


def __getattr__(name):
    return unknown(f"torch.cuda.{name}")
