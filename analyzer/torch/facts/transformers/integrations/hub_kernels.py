# transformers.integrations.hub_kernels: kernels from the hub replace forward only when a user asks for them.
ALLOW_ALL_KERNELS = False
_kernels_enabled = False


def _keep(value):
    return value


def use_kernel_forward_from_hub(*args, **kwargs):
    return _keep


def use_kernelized_func(*args, **kwargs):
    return _keep


def use_kernel_func_from_hub(*args, **kwargs):
    return _keep


def use_kernel_func_from_hub_with_fallback(*args, **kwargs):
    return _keep


def lazy_load_kernel(*args, **kwargs):
    return None


def is_kernel(attn_implementation):
    return False
