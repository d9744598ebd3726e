"""Functions that make tensors, and torch's kinds of them, for native_shim.py."""

import math

from native_tensor import (
    Tensor,
    _float32,
    _is_floating,
    _sizes,
    tensor_empty,
    tensor_unknown,
)
from native_unknown import Unknown


class Parameter(Tensor):
    def __new__(cls, data=None, requires_grad=True):
        if data is None:
            data = tensor_empty(0)
        if isinstance(data, Unknown):
            data = tensor_unknown()
        if not isinstance(data, Tensor):
            raise AttributeError(f"'{type(data).__name__}' object has no attribute 'detach'")
        if requires_grad and not isinstance(requires_grad, Unknown) and not data._floating:
            raise RuntimeError("Only Tensors of floating point and complex dtype can require gradients")
        result = cls._make(data._shape, data._numbers, data._dtype, data._floating)
        result.requires_grad = requires_grad
        return result

    def __init__(self, *args, **kwargs):
        pass


class Buffer(Tensor):
    def __new__(cls, data=None, *, persistent=True):
        if data is None:
            data = tensor_empty(0)
        if isinstance(data, Unknown):
            data = tensor_unknown()
        if not isinstance(data, Tensor):
            raise AttributeError(f"'{type(data).__name__}' object has no attribute 'detach'")
        result = cls._make(data._shape, data._numbers, data._dtype, data._floating)
        result.persistent = persistent
        return result

    def __init__(self, *args, **kwargs):
        pass


class UninitializedTensorMixin:
    @property
    def shape(self):
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` "
            "to "
            "initialize the parameters before accessing their attributes."
        )


class UninitializedParameter(UninitializedTensorMixin, Parameter):
    def __new__(cls, requires_grad=True, device=None, dtype=None):
        return cls._make(None)


class UninitializedBuffer(UninitializedTensorMixin, Buffer):
    def __new__(cls, requires_grad=False, device=None, dtype=None, persistent=True):
        result = cls._make(None)
        result.persistent = persistent
        return result


Tensor.__module__ = "torch"
for _class in (Parameter, Buffer, UninitializedParameter, UninitializedBuffer, UninitializedTensorMixin):
    _class.__module__ = "torch.nn.parameter"


def tensor_full(size, value, dtype=None, function="full"):
    shape = _sizes(size, function)
    numbers = None
    if shape is not None and len(shape) < 2 and isinstance(value, (int, float)):
        numbers = [value] * math.prod(shape)
    floating = isinstance(value, float)
    return Tensor._make(shape, numbers, dtype, floating if dtype is None else _is_floating(dtype))


def tensor_arange(start, stop, step, dtype=None):
    if any(isinstance(one, (Unknown, Tensor)) for one in (start, stop, step)):
        return tensor_unknown()
    if step == 0:
        raise RuntimeError("step must be nonzero")
    count = math.ceil((stop - start) / step)
    if count < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    whole = all(isinstance(one, int) for one in (start, stop, step))
    floating = not whole if dtype is None else _is_floating(dtype)
    numbers = [start + place * step for place in range(count)]
    if floating:
        numbers = [_float32(one) for one in numbers]
    return Tensor._make((count,), numbers, dtype, floating)


def tensor_linspace(start, stop, steps, dtype=None):
    if any(isinstance(one, (Unknown, Tensor)) for one in (start, stop, steps)):
        return tensor_unknown()
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    start, stop = _float32(float(start)), _float32(float(stop))
    step = _float32((stop - start) / (steps - 1)) if steps > 1 else 0.0
    numbers = []
    for place in range(steps):
        if place < steps // 2:
            numbers.append(_float32(start + _float32(step * place)))
        else:
            numbers.append(_float32(stop - _float32(step * (steps - place - 1))))
    if steps == 1:
        numbers = [start]
    return Tensor._make((steps,), numbers, dtype, True)


def tensor_cat(tensors, dim=0):
    if isinstance(tensors, Unknown):
        return tensor_unknown()
    tensors = list(tensors)
    if not all(isinstance(one, Tensor) and one._shape is not None for one in tensors):
        return tensor_unknown()
    shape = list(tensors[0]._shape)
    shape[dim] = sum(one._shape[dim] for one in tensors)
    numbers = None
    if len(shape) == 1 and all(one._numbers is not None for one in tensors):
        numbers = [number for one in tensors for number in one._numbers]
    return Tensor._make(shape, numbers)


def tensor_stack(tensors, dim=0):
    if isinstance(tensors, Unknown):
        return tensor_unknown()
    tensors = list(tensors)
    if not all(isinstance(one, Tensor) and one._shape is not None for one in tensors):
        return tensor_unknown()
    shape = list(tensors[0]._shape)
    shape.insert(dim if dim >= 0 else dim + len(shape) + 1, len(tensors))
    numbers = None
    if len(shape) == 1 and all(one._numbers is not None for one in tensors):
        numbers = [number for one in tensors for number in one._numbers]
    return Tensor._make(shape, numbers)
