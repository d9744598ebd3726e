# transformers.utils.import_utils: what is installed is an input (NATIVE.md: package_available).
from __native__ import environment, package_available


def is_torch_available():
    return True


def get_torch_version():
    return environment("torch_version")


def is_vision_available():
    return package_available("PIL")


def is_torchdynamo_compiling():
    return False


def is_torchdynamo_exporting():
    return False


def is_torch_fx_proxy(x):
    return False


def is_tracing(tensor=None):
    return False


def is_torch_xla_available(*args, **kwargs):
    return False


def is_torch_npu_available(*args, **kwargs):
    return False


def is_torch_mlu_available(*args, **kwargs):
    return False


def is_torch_musa_available(*args, **kwargs):
    return False


def is_torch_xpu_available(*args, **kwargs):
    return False


def is_torch_hpu_available(*args, **kwargs):
    return False


def is_torch_mps_available(*args, **kwargs):
    return False


def is_torch_cuda_available(*args, **kwargs):
    return environment("quantizing")


def is_torch_flex_attn_available(*args, **kwargs):
    return True


def is_torch_sdpa_available(*args, **kwargs):
    return True


def is_torch_fx_available(*args, **kwargs):
    return True


def is_sagemaker_mp_enabled(*args, **kwargs):
    return False


def requires(*args, **kwargs):
    return _keep


def torch_only_method(fn):
    return fn


def _keep(value):
    return value
