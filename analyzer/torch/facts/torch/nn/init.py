# Facts of torch 2.13.0, torch/nn/init.py: initialisation never changes a module tree, so each gives its tensor back.
from __native__ import math_sqrt, unknown

_CHANGES = (
    "uniform_ normal_ trunc_normal_ constant_ ones_ zeros_ eye_ dirac_ xavier_uniform_ xavier_normal_ "
    "kaiming_uniform_ kaiming_normal_ orthogonal_ sparse_ uniform normal constant eye dirac xavier_uniform "
    "xavier_normal kaiming_uniform kaiming_normal orthogonal sparse _no_grad_uniform_ _no_grad_normal_ "
    "_no_grad_trunc_normal_ _no_grad_fill_ _no_grad_zero_"
).split()


def _keep(tensor, *args, **kwargs):
    return tensor


def __getattr__(name):
    if name in _CHANGES:
        return _keep
    if name in ("Callable", "Literal", "Tensor", "TypeVar", "math", "torch", "warnings"):
        return unknown(f"torch.nn.init.{name}")
    raise AttributeError(f"module 'torch.nn.init' has no attribute '{name}'")


def _calculate_fan_in_and_fan_out(tensor):
    shape = tensor.shape
    if len(shape) < 2:
        raise ValueError("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions")
    field = 1
    for size in shape[2:]:
        field = field * size
    return shape[1] * field, shape[0] * field


def _calculate_correct_fan(tensor, mode):
    mode = mode.lower()
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"Mode {mode} not supported, please use one of ['fan_in', 'fan_out']")
    fan_in, fan_out = _calculate_fan_in_and_fan_out(tensor)
    return fan_in if mode == "fan_in" else fan_out


def calculate_gain(nonlinearity, param=None):
    if nonlinearity == "tanh":
        return 5.0 / 3
    if nonlinearity == "relu":
        return math_sqrt(2.0)
    if nonlinearity == "leaky_relu":
        return math_sqrt(2.0 / (1 + (0.01 if param is None else param) ** 2))
    if nonlinearity == "selu":
        return 3.0 / 4
    return 1
