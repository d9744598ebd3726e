"""`__native__` in Python, so that the fact files (analyzer/torch/facts) can be run by CPython and compared with real torch.

A developer's tool: leaflint itself has all of this in C (analyzer/torch/NATIVE.md says what each name means).
"""

import builtins
import copy
import functools
import inspect
import math
import re
import struct
import types

environment_values = {"attn": None, "torch_version": "2.13.0", "transformers_version": ""}
available_packages = {"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers", "packaging"}
guesses = []  # reasons of every decision that an Unknown was asked for
importer = None  # lazy_python.Loader


class Unknown:
    """Cannot tell.  Deciding on one is noted, and taken to be false or empty."""

    def __init__(self, words):
        object.__setattr__(self, "words", words)

    def _same(self, *args, **kwargs):
        return self

    def __getattr__(self, name):
        if name in ("__mro_entries__", "__wrapped__", "__dataclass_parameters__", "__set_name__", "__get__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name, value):
        pass

    def __mro_entries__(self, bases):
        guesses.append(self.words)
        return (object,)

    def _guess(self):
        guesses.append(self.words)

    def __bool__(self):
        self._guess()
        return False

    def __iter__(self):
        self._guess()
        return iter(())

    def __len__(self):
        self._guess()
        return 0

    def __int__(self):
        self._guess()
        return 0

    __index__ = __int__

    def __float__(self):
        self._guess()
        return 0.0

    def __contains__(self, item):
        self._guess()
        return False

    def __hash__(self):
        return id(self)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False

    def __deepcopy__(self, memo):
        return self

    def __str__(self):
        return f"<unknown: {self.words}>"

    __repr__ = __str__
    __call__ = __getitem__ = _same


for _name in (
    "add radd sub rsub mul rmul truediv rtruediv floordiv rfloordiv mod rmod pow rpow and rand or ror xor rxor lshift rshift "
    "matmul rmatmul neg pos invert abs eq ne lt le gt ge setitem delitem"
).split():
    setattr(Unknown, f"__{_name}__", Unknown._same)


def unknown(words):
    return Unknown(words)


unknown_plain = unknown


def environment(key):
    return environment_values[key]


def package_available(name):
    return name.split(".")[0] in available_packages


def import_module(dotted):
    return importer.import_module(dotted)


def from_source(module, name):
    return importer.from_source(module, name)


def evaluate_annotation(text, module):
    value = importer.evaluate(text, module)
    return importer.evaluate(value, module) if isinstance(value, str) else value


deepcopy = copy.deepcopy


def ignored(*args, **kwargs):
    pass




def shallow_copy(value):
    return copy.copy(value)


def builtin(name):
    return getattr(builtins, name)


def bind_method(function, instance):
    return types.MethodType(function, instance)


cached_property = functools.cached_property


def function_kind(value):
    if isinstance(value, types.FunctionType):
        return "function"
    if isinstance(value, types.MethodType):
        return "method"
    if isinstance(value, (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodDescriptorType)):
        return "builtin"
    return "module" if isinstance(value, types.ModuleType) else None


def resolve_signature(function):
    function = getattr(function, "__func__", function)
    rows = []
    for one in inspect.signature(function, follow_wrapped=False).parameters.values():
        has_default = one.default is not inspect.Parameter.empty
        rows.append((one.name, int(one.kind), has_default, one.default if has_default else None))
    return rows


class generator_context:
    def __init__(self, function, args, kwargs):
        self._generator = function(*args, **kwargs)

    def __enter__(self):
        return next(self._generator)

    def __exit__(self, kind, value, traceback):
        if kind is not None:
            self._generator.close()
            return False
        for _ in self._generator:
            break
        return False

    def __call__(self, function):
        return function


def regex_find(pattern, text, start, how, flags):
    compiled = re.compile(pattern, flags & ~32)
    found = getattr(compiled, how)(text, start)
    if found is None:
        return None
    return [found.span(number) for number in range(compiled.groups + 1)], dict(compiled.groupindex)


math_sqrt, math_ceil, math_floor, math_log, math_log2 = math.sqrt, math.ceil, math.floor, math.log, math.log2
math_log10, math_exp, math_pow, math_sin, math_cos = math.log10, math.exp, math.pow, math.sin, math.cos
math_gcd, math_isqrt = math.gcd, math.isqrt


# Tensors: a shape, or None; numbers of at most one dimension, or None.


def _float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def _names(module, name):
    return getattr(importer.import_module(module), name)


def _is_floating(dtype):
    if dtype in (bool, int, float):
        return dtype is float
    return dtype is None or bool(dtype.is_floating_point)


class Tensor:
    def __init__(self, *args):
        other = tensor_legacy(args)
        self._take(other)

    @classmethod
    def _make(cls, shape, numbers=None, dtype=None, floating=True):
        tensor = object.__new__(cls)
        object.__setattr__(tensor, "__dict__", {})
        tensor._shape = None if shape is None else tuple(shape)
        tensor._numbers = numbers
        tensor._dtype = dtype
        tensor._floating = floating if dtype is None else _is_floating(dtype)
        return tensor

    def _take(self, other):
        self._shape, self._numbers, self._dtype, self._floating = other._shape, other._numbers, other._dtype, other._floating

    def _like(self, shape="same", numbers=None):
        return Tensor._make(self._shape if shape == "same" else shape, numbers, self._dtype, self._floating)

    def __getattr__(self, name):
        methods = _names("torch._tensor_names", "METHODS")
        attributes = _names("torch._tensor_names", "ATTRIBUTES")
        if name in methods:
            return lambda *args, **kwargs: self._generic(name, args, kwargs)
        if name in attributes:
            return tensor_unknown()
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def _generic(self, name, args, kwargs):
        same = (
            "abs clone contiguous detach cpu cuda exp log sin cos sqrt rsqrt neg clamp round ceil floor sigmoid tanh relu "
            "softmax masked_fill flip roll tril triu type_as fill zero_grad clamp_min clamp_max float half double bfloat16 "
            "long int bool short char to type pin_memory erfinv log2 log10 log1p expm1 square reciprocal logit"
        ).split()
        if name.endswith("_") and not name.endswith("__"):
            self._numbers = None
            return self
        if name in same:
            result = self._like()
            if name in ("exp log sin cos sqrt rsqrt sigmoid tanh softmax log2 log10 log1p expm1 reciprocal float half").split():
                result._floating, result._dtype = True, None
            if name in ("clone", "contiguous", "detach", "cpu", "cuda", "float", "double", "to", "long", "int"):
                result._numbers = None if self._numbers is None else list(self._numbers)
                if name in ("long", "int") and result._numbers is not None:
                    result._numbers = [int(number) for number in result._numbers]
            return result
        return tensor_unknown()

    @property
    def shape(self):
        return Unknown("the shape of a tensor") if self._shape is None else _names("torch", "Size")(self._shape)

    @property
    def dtype(self):
        if self._dtype is not None:
            return self._dtype
        return _names("torch", "get_default_dtype")() if self._floating else _names("torch", "int64")

    @property
    def device(self):
        return _names("torch._dtypes", "BUILD_DEVICE")

    @property
    def is_meta(self):
        return True

    @property
    def grad(self):
        return None

    @property
    def data(self):
        return self._like(numbers=self._numbers)

    @data.setter
    def data(self, value):
        self._shape = value._shape if isinstance(value, Tensor) else None
        self._numbers = None

    @property
    def requires_grad(self):
        return self.__dict__.get("_requires_grad", False)

    @requires_grad.setter
    def requires_grad(self, value):
        self.__dict__["_requires_grad"] = value

    def requires_grad_(self, value=True):
        self.requires_grad = value
        return self

    def is_floating_point(self):
        return self._floating

    def size(self, dim=None):
        return self.shape if dim is None else self.shape[dim]

    def dim(self):
        return Unknown("the shape of a tensor") if self._shape is None else len(self._shape)

    ndimension = dim

    @property
    def ndim(self):
        return self.dim()

    def numel(self):
        return Unknown("the shape of a tensor") if self._shape is None else math.prod(self._shape)

    nelement = numel

    def __len__(self):
        if self._shape is None:
            guesses.append("the shape of a tensor")
            return 0
        if not self._shape:
            raise TypeError("len() of a 0-d tensor")
        return self._shape[0]

    def __iter__(self):
        return iter([self[place] for place in range(len(self))])

    def __getitem__(self, index):
        if self._shape is None:
            return tensor_unknown()
        if self._numbers is not None and len(self._shape) == 1:
            if isinstance(index, int):
                return Tensor._make((), [self._numbers[index]], self._dtype, self._floating)
            if isinstance(index, slice):
                part = self._numbers[index]
                return Tensor._make((len(part),), part, self._dtype, self._floating)
        shape = []
        rest = list(self._shape)
        items = index if isinstance(index, tuple) else (index,)
        if Ellipsis in [item for item in items if item is Ellipsis]:
            place = [item is Ellipsis for item in items].index(True)
            used = sum(item is not None and item is not Ellipsis for item in items)
            items = items[:place] + (slice(None),) * (len(rest) - used) + items[place + 1 :]
        for item in items:
            if item is None:
                shape.append(1)
            elif isinstance(item, int) and not isinstance(item, bool):
                if not -rest[0] <= item < rest[0]:
                    raise IndexError(f"index {item} is out of bounds for dimension 0 with size {rest[0]}")
                rest.pop(0)
            elif isinstance(item, slice) and rest:
                shape.append(len(range(rest.pop(0))[item]))
            else:
                return tensor_unknown()
        return self._like(tuple(shape + rest))

    def __setitem__(self, index, value):
        self._numbers = None

    def item(self):
        if self._numbers is None or len(self._numbers) != 1:
            return Unknown("an element of a tensor")
        return self._numbers[0]

    def tolist(self):
        if self._numbers is None:
            return Unknown("the contents of a tensor")
        return self._numbers[0] if self._shape == () else list(self._numbers)

    def __int__(self):
        value = self.item()
        return int(value)

    __index__ = __int__

    def __float__(self):
        return float(self.item())

    def __bool__(self):
        return bool(self.item())

    def __hash__(self):
        return id(self)

    def __deepcopy__(self, memo):
        result = type(self)._make(self._shape, None if self._numbers is None else list(self._numbers), self._dtype, self._floating)
        result.requires_grad = self.requires_grad
        memo[id(self)] = result
        return result

    def view(self, *shape):
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        if self._shape is None or not all(isinstance(one, int) for one in shape):
            return tensor_unknown()
        if -1 in shape:
            known = math.prod(one for one in shape if one != -1)
            shape = tuple(math.prod(self._shape) // known if one == -1 and known else max(one, 0) for one in shape)
        return self._like(shape, self._numbers if len(shape) == 1 else None)

    reshape = view

    def expand(self, *shape):
        shape = shape[0] if len(shape) == 1 and isinstance(shape[0], (tuple, list)) else shape
        if self._shape is None:
            return tensor_unknown()
        old = (None,) * (len(shape) - len(self._shape)) + self._shape
        return self._like(tuple(o if s == -1 else s for s, o in zip(shape, old)))

    def repeat(self, *times):
        times = times[0] if len(times) == 1 and isinstance(times[0], (tuple, list)) else times
        if self._shape is None:
            return tensor_unknown()
        old = (1,) * (len(times) - len(self._shape)) + self._shape
        return self._like(tuple(a * b for a, b in zip(old, times)))

    def transpose(self, a, b):
        if self._shape is None:
            return tensor_unknown()
        shape = list(self._shape)
        shape[a], shape[b] = shape[b], shape[a]
        return self._like(tuple(shape))

    swapaxes = transpose

    def t(self):
        return self.transpose(0, 1) if self._shape is not None and len(self._shape) == 2 else self

    T = property(lambda self: self._like(None if self._shape is None else self._shape[::-1]))
    mT = property(lambda self: self.transpose(-2, -1))

    def permute(self, *order):
        order = order[0] if len(order) == 1 and isinstance(order[0], (tuple, list)) else order
        return tensor_unknown() if self._shape is None else self._like(tuple(self._shape[one] for one in order))

    def unsqueeze(self, dim):
        if self._shape is None:
            return tensor_unknown()
        shape = list(self._shape)
        shape.insert(dim + len(shape) + 1 if dim < 0 else dim, 1)
        return self._like(tuple(shape))

    def squeeze(self, dim=None):
        if self._shape is None:
            return tensor_unknown()
        if dim is None:
            return self._like(tuple(one for one in self._shape if one != 1))
        shape = list(self._shape)
        if shape[dim] == 1:
            shape.pop(dim)
        return self._like(tuple(shape))

    def flatten(self, start_dim=0, end_dim=-1):
        if self._shape is None:
            return tensor_unknown()
        if not self._shape:
            return self._like((1,))
        end = end_dim % len(self._shape)
        shape = self._shape[:start_dim] + (math.prod(self._shape[start_dim : end + 1]),) + self._shape[end + 1 :]
        return self._like(shape, self._numbers)

    def split(self, size, dim=0):
        if self._shape is None:
            return Unknown("the parts of a tensor")
        total = self._shape[dim]
        sizes = list(size) if isinstance(size, (list, tuple)) else [min(size, total - at) for at in range(0, total, size)]
        if sum(sizes) != total:
            raise RuntimeError(
                f"split_with_sizes expects split_sizes to sum exactly to {total} (input tensor's size at dimension "
                f"{dim}), but got split_sizes={sizes}"
            )
        parts, at = [], 0
        for one in sizes:
            shape = list(self._shape)
            shape[dim] = one
            numbers = self._numbers[at : at + one] if self._numbers is not None and len(shape) == 1 else None
            parts.append(self._like(tuple(shape), numbers))
            at += one
        return tuple(parts)

    def chunk(self, chunks, dim=0):
        return Unknown("the parts of a tensor") if self._shape is None else self.split(-(-self._shape[dim] // chunks), dim)

    def unbind(self, dim=0):
        return tuple(self) if dim == 0 else Unknown("the parts of a tensor")

    def _reduce(self, operation, dim, keepdim):
        if self._shape is None:
            return tensor_unknown()
        if dim is None:
            numbers = [operation(self._numbers)] if self._numbers else None
            return self._like((), numbers)
        dims = [one % len(self._shape) for one in (dim if isinstance(dim, (tuple, list)) else (dim,))]
        shape = tuple(1 if i in dims else s for i, s in enumerate(self._shape) if keepdim or i not in dims)
        return self._like(shape)

    def sum(self, dim=None, keepdim=False, dtype=None):
        return self._reduce(sum, dim, keepdim)

    def mean(self, dim=None, keepdim=False, dtype=None):
        return self._reduce(lambda row: sum(row) / len(row), dim, keepdim)

    def prod(self, dim=None, keepdim=False, dtype=None):
        return self._reduce(math.prod, dim, keepdim)

    def std(self, dim=None, keepdim=False, **kwargs):
        return self._reduce(lambda row: None, dim, keepdim)._like()

    var = norm = std

    def max(self, dim=None, keepdim=False):
        return self._reduce(max, None, keepdim) if dim is None else Unknown("the largest of a tensor")

    def min(self, dim=None, keepdim=False):
        return self._reduce(min, None, keepdim) if dim is None else Unknown("the smallest of a tensor")

    def cumsum(self, dim=0, dtype=None):
        if self._numbers is None:
            return self._like()
        totals = []
        for number in self._numbers:
            totals.append((totals[-1] if totals else 0) + number)
        return self._like(numbers=totals)

    def outer(self, other):
        if self._shape is None or shape_of(other) is None:
            return tensor_unknown()
        return self._like(self._shape + other._shape)

    def new_empty(self, *size, **kwargs):
        return tensor_empty(size[0] if len(size) == 1 else size)

    new_zeros = new_ones = new_empty

    def new_tensor(self, data, **kwargs):
        return tensor_from(data)

    def register_hook(self, hook):
        return Unknown("a hook")

    def _arithmetic(self, other, operation, floating=False):
        if isinstance(other, Tensor):
            if self._shape is None or other._shape is None:
                return tensor_unknown()
            a, b = self._shape, other._shape
            width = max(len(a), len(b))
            a, b = (1,) * (width - len(a)) + a, (1,) * (width - len(b)) + b
            shape = []
            for x, y in zip(a, b):
                if x != y and 1 not in (x, y):
                    raise RuntimeError(f"The size of tensor a ({x}) must match the size of tensor b ({y})")
                shape.append(y if x == 1 else x)
            numbers = None
            if self._numbers is not None and other._numbers is not None and len(shape) <= 1:
                size = shape[0] if shape else 1
                left = self._numbers * size if len(self._numbers) == 1 else self._numbers
                right = other._numbers * size if len(other._numbers) == 1 else other._numbers
                numbers = _numbers_of(operation, left, right)
            return Tensor._make(tuple(shape), numbers, None, True)
        if isinstance(other, Unknown):
            return tensor_unknown()
        numbers = None if self._numbers is None else _numbers_of(operation, self._numbers, [other] * len(self._numbers))
        return Tensor._make(self._shape, numbers, None, self._floating or isinstance(other, float) or floating)


def _numbers_of(operation, left, right):
    try:
        return [operation(a, b) for a, b in zip(left, right)]
    except (ZeroDivisionError, OverflowError, TypeError):
        return None


def _add_operators():
    import operator

    for name in "add sub mul truediv floordiv mod pow".split():
        function = getattr(operator, name)
        true = name == "truediv"
        setattr(Tensor, f"__{name}__", lambda self, other, f=function, t=true: self._arithmetic(other, f, t))
        setattr(Tensor, f"__r{name}__", lambda self, o, f=function, t=true: self._arithmetic(o, lambda a, b: f(b, a), t))
    for name in "lt le gt ge eq ne and_ or_ xor".split():
        function = getattr(operator, name)
        setattr(Tensor, f"__{name.rstrip('_')}__", lambda self, other, f=function: self._arithmetic(other, f))
    for name in "add sub mul div pow".split():
        function = getattr(operator, "truediv" if name == "div" else name)
        setattr(Tensor, name, lambda self, other, f=function, **kwargs: self._arithmetic(other, f))
    Tensor.__neg__ = lambda self: self._arithmetic(-1, operator.mul)
    Tensor.__invert__ = lambda self: self._like()
    Tensor.__matmul__ = lambda self, other: tensor_unknown()


_add_operators()


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
            "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to "
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


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _sizes(size, function):
    if isinstance(size, Unknown):
        return None
    if _is_int(size):
        size = (size,)
    if not isinstance(size, (tuple, list)):
        raise TypeError(
            f"{function}(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}"
        )
    if any(isinstance(one, Unknown) for one in size):
        return None
    for place, one in enumerate(size):
        if not _is_int(one) and place == 0:
            raise TypeError(
                f"{function}(): argument 'size' (position 1) must be tuple of ints, but found element of type "
                f"{type(one).__name__} at pos 0"
            )
        if not _is_int(one) and not isinstance(one, bool):
            raise TypeError(
                f"{function}(): argument 'size' failed to unpack the object at pos {place + 1} with error \"type must be "
                f'tuple of ints,but got {type(one).__name__}"'
            )
    size = [int(one) for one in size]
    for one in size:
        if one < 0:
            raise RuntimeError(f"Trying to create tensor with negative dimension {one}: {size}")
    if math.prod(size) * 4 >= 2**63:
        raise RuntimeError(f"Storage size calculation overflowed with sizes={size}")
    return tuple(size)


def tensor_empty(size, dtype=None, function="empty"):
    return Tensor._make(_sizes(size, function), None, dtype)


def tensor_full(size, value, dtype=None, function="full"):
    shape = _sizes(size, function)
    numbers = None
    if shape is not None and len(shape) < 2 and isinstance(value, (int, float)):
        numbers = [value] * math.prod(shape)
    floating = isinstance(value, float)
    return Tensor._make(shape, numbers, dtype, floating if dtype is None else _is_floating(dtype))


def tensor_from(data, dtype=None):
    if isinstance(data, Tensor):
        return Tensor._make(data._shape, data._numbers, dtype or data._dtype, data._floating)
    if isinstance(data, Unknown):
        return tensor_unknown()
    if not isinstance(data, (list, tuple, int, float)) and hasattr(data, "tolist"):
        data = data.tolist()
    shape, level = [], data
    while isinstance(level, (list, tuple)):
        shape.append(len(level))
        level = level[0] if level else None
    if isinstance(level, Tensor):
        return tensor_unknown() if level._shape != () else tensor_from([one.item() for one in data], dtype)
    numbers = None
    if len(shape) == 0 and isinstance(data, (int, float)):
        numbers = [data]
    elif len(shape) == 1 and all(isinstance(one, (int, float)) for one in data):
        numbers = list(data)
    floating = not isinstance(level, int) if level is not None else True
    if numbers is not None:
        floating = any(isinstance(one, float) for one in numbers) or not numbers
        if floating:
            numbers = [_float32(one) for one in numbers]
    return Tensor._make(shape, numbers, dtype, floating)


def tensor_legacy(args, dtype=None):
    if len(args) == 1 and (isinstance(args[0], (list, tuple, Tensor)) or hasattr(args[0], "tolist")):
        result = tensor_from(args[0], dtype)
        result._floating = _is_floating(dtype)
        return result
    return Tensor._make(_sizes(list(args) or 0, "new"), None, dtype, _is_floating(dtype))


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


def tensor_unknown():
    return Tensor._make(None)


def shape_of(value):
    return value._shape if isinstance(value, Tensor) else None


def _typename(value):
    kind = type(value)
    if isinstance(value, Tensor):
        return "torch.meta.FloatTensor" if value._floating else "torch.meta.LongTensor"
    module = "" if kind.__module__ in ("builtins", "__builtin__", None) else kind.__module__ + "."
    return f"{module}{kind.__qualname__}"


class _Handle:
    def __init__(self, table, key):
        self._table, self._key = table, key

    def remove(self):
        self._table.pop(self._key, None)


class Module:
    def __repr__(self):
        return f"{type(self).__name__}()"

    def __init__(self, *args, **kwargs):
        if kwargs:
            raise TypeError(
                f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
            )
        if args:
            raise TypeError(
                f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
            )
        put = functools.partial(object.__setattr__, self)
        put("training", True)
        for name in ("_parameters", "_buffers", "_modules", "_forward_pre_hooks", "_forward_hooks", "_backward_hooks"):
            put(name, {})
        put("_state_dict_hooks", {})
        put("_load_state_dict_pre_hooks", {})
        put("_non_persistent_buffers_set", set())

    def forward(self, *args, **kwargs):
        raise NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function')

    def __call__(self, *args, **kwargs):
        return Unknown("the result of a module")

    def __getattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            rows = self.__dict__.get(table)
            if rows is not None and name in rows:
                return rows[name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name, value):
        own = self.__dict__
        parameters, modules, buffers = own.get("_parameters"), own.get("_modules"), own.get("_buffers")

        def clear(*tables):
            for table in tables:
                if table is not None:
                    table.pop(name, None)
            if name in own:
                del own[name]
            own.get("_non_persistent_buffers_set", set()).discard(name)

        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            clear(buffers, modules)
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_typename(value)}' as parameter '{name}' (torch.nn.Parameter or None expected)"
                )
            self.register_parameter(name, value)
        elif isinstance(value, Module):
            if modules is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            clear(parameters, buffers)
            modules[name] = value
        elif modules is not None and name in modules:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{_typename(value)}' as child module '{name}' (torch.nn.Module or None expected)"
                )
            modules[name] = value
        elif isinstance(value, Buffer) or (buffers is not None and name in buffers):
            if value is not None and not isinstance(value, (Tensor, Unknown)):
                raise TypeError(
                    f"cannot assign '{_typename(value)}' as buffer '{name}' (torch.nn.Buffer, torch.Tensor or None expected)"
                )
            if isinstance(value, Buffer):
                if buffers is None:
                    raise AttributeError("cannot assign buffer before Module.__init__() call")
                clear(parameters, modules)
                self.register_buffer(name, value, value.persistent)
            else:
                buffers[name] = value
        else:
            object.__setattr__(self, name, value)

    def __delattr__(self, name):
        for table in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(table, ()):
                del self.__dict__[table][name]
                return
        object.__delattr__(self, name)

    def register_buffer(self, name, tensor, persistent=True):
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"buffer name should be a string. Got {_typename(name)}")
        if "." in name:
            raise KeyError('buffer name can\'t contain "."')
        if name == "":
            raise KeyError('buffer name can\'t be empty string ""')
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"attribute '{name}' already exists")
        if tensor is not None and not isinstance(tensor, (Tensor, Unknown)):
            raise TypeError(
                f"cannot assign '{_typename(tensor)}' object to buffer '{name}' (torch Tensor or None required)"
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def register_parameter(self, name, param):
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"parameter name should be a string. Got {_typename(name)}")
        if "." in name:
            raise KeyError('parameter name can\'t contain "."')
        if name == "":
            raise KeyError('parameter name can\'t be empty string ""')
        if hasattr(self, name) and name not in self._parameters:
            raise KeyError(f"attribute '{name}' already exists")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{_typename(param)}' object to parameter '{name}' (torch.nn.Parameter or None required)"
            )
        self._parameters[name] = param

    def add_module(self, name, module):
        if not isinstance(module, Module) and module is not None:
            raise TypeError(f"{_typename(module)} is not a Module subclass")
        if not isinstance(name, str):
            raise TypeError(f"module name should be a string. Got {_typename(name)}")
        if hasattr(self, name) and name not in self._modules:
            raise KeyError(f"attribute '{name}' already exists")
        if "." in name:
            raise KeyError(f'module name can\'t contain ".", got: {name}')
        if name == "":
            raise KeyError('module name can\'t be empty string ""')
        self._modules[name] = module

    register_module = add_module

    def named_modules(self, memo=None, prefix="", remove_duplicate=True):
        memo = set() if memo is None else memo
        if self in memo:
            return
        if remove_duplicate:
            memo.add(self)
        yield prefix, self
        for name, module in self._modules.items():
            if module is not None:
                yield from module.named_modules(memo, f"{prefix}.{name}" if prefix else name, remove_duplicate)

    def modules(self, remove_duplicate=True):
        for _, module in self.named_modules(remove_duplicate=remove_duplicate):
            yield module

    def named_children(self):
        seen = set()
        for name, module in self._modules.items():
            if module is not None and module not in seen:
                seen.add(module)
                yield name, module

    def children(self):
        for _, module in self.named_children():
            yield module

    def _members(self, table, prefix, recurse, remove_duplicate):
        seen = set()
        rows = self.named_modules(prefix=prefix, remove_duplicate=remove_duplicate) if recurse else [(prefix, self)]
        for place, module in rows:
            for name, value in getattr(module, table).items():
                if value is None or id(value) in seen:
                    continue
                if remove_duplicate:
                    seen.add(id(value))
                yield f"{place}.{name}" if place else name, value

    def named_parameters(self, prefix="", recurse=True, remove_duplicate=True):
        yield from self._members("_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse=True):
        for _, value in self.named_parameters(recurse=recurse):
            yield value

    def named_buffers(self, prefix="", recurse=True, remove_duplicate=True):
        yield from self._members("_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse=True):
        for _, value in self.named_buffers(recurse=recurse):
            yield value

    def get_submodule(self, target):
        module = self
        for part in target.split(".") if target else ():
            if not hasattr(module, part):
                raise AttributeError(f"{type(module).__name__} has no attribute `{part}`")
            module = getattr(module, part)
            if not isinstance(module, Module):
                raise AttributeError(f"`{part}` is not an nn.Module")
        return module

    def _get_leaf(self, target, kind, words):
        path, _, name = target.rpartition(".")
        module = self.get_submodule(path)
        if not hasattr(module, name):
            raise AttributeError(f"{type(module).__name__} has no attribute `{name}`")
        value = getattr(module, name)
        if kind == "parameter" and not isinstance(value, Parameter):
            raise AttributeError(f"`{name}` is not an nn.Parameter")
        if kind == "buffer" and name not in module._buffers:
            raise AttributeError(f"`{name}` is not a buffer")
        return value

    def get_parameter(self, target):
        return self._get_leaf(target, "parameter", "")

    def get_buffer(self, target):
        return self._get_leaf(target, "buffer", "")

    def apply(self, fn):
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    def train(self, mode=True):
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self):
        return self.train(False)

    def requires_grad_(self, requires_grad=True):
        for parameter in self.parameters():
            parameter.requires_grad = requires_grad
        return self

    def _itself(self, *args, **kwargs):
        return self

    to = to_empty = cuda = cpu = float = half = double = bfloat16 = type = share_memory = _itself

    def zero_grad(self, *args, **kwargs):
        pass

    def state_dict(self, *args, **kwargs):
        return Unknown("a state dict")

    load_state_dict = state_dict

    def register_forward_pre_hook(self, hook, **kwargs):
        self._forward_pre_hooks[id(hook)] = hook
        return _Handle(self._forward_pre_hooks, id(hook))

    def _other_hook(self, hook=None, **kwargs):
        return _Handle({}, id(hook))

    register_forward_hook = register_full_backward_hook = register_full_backward_pre_hook = _other_hook
    register_state_dict_post_hook = register_load_state_dict_pre_hook = register_load_state_dict_post_hook = _other_hook
    _register_load_state_dict_pre_hook = _register_state_dict_hook = register_state_dict_pre_hook = _other_hook

    def extra_repr(self):
        return ""

    def _get_name(self):
        return type(self).__name__


Module.__module__ = "torch.nn.modules.module"
