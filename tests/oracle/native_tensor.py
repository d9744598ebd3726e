"""Tensors for native_shim.py: a shape, or None; numbers of at most one dimension, or None."""

import math
import struct

from native_unknown import Unknown, guesses, shared


def _float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def _names(module, name):
    return getattr(shared.importer.import_module(module), name)


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
        self._shape, self._numbers, self._dtype, self._floating = (
            other._shape,
            other._numbers,
            other._dtype,
            other._floating,
        )

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
            "abs clone contiguous detach cpu cuda exp log sin cos sqrt rsqrt neg clamp round ceil floor sigmoid tanh "
            "relu "
            "softmax masked_fill flip roll tril triu type_as fill zero_grad clamp_min clamp_max float half double "
            "bfloat16 "
            "long int bool short char to type pin_memory erfinv log2 log10 log1p expm1 square reciprocal logit"
        ).split()
        if name.endswith("_") and not name.endswith("__"):
            self._numbers = None
            return self
        if name in same:
            result = self._like()
            if (
                name
                in (
                    "exp log sin cos sqrt rsqrt sigmoid tanh softmax log2 log10 log1p expm1 reciprocal float half"
                ).split()
            ):
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
        result = type(self)._make(
            self._shape, None if self._numbers is None else list(self._numbers), self._dtype, self._floating
        )
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
        sizes = (
            list(size) if isinstance(size, (list, tuple)) else [min(size, total - at) for at in range(0, total, size)]
        )
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
        return (
            Unknown("the parts of a tensor") if self._shape is None else self.split(-(-self._shape[dim] // chunks), dim)
        )

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
        setattr(
            Tensor, f"__r{name}__", lambda self, o, f=function, t=true: self._arithmetic(o, lambda a, b: f(b, a), t)
        )
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


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


def _sizes(size, function):
    if isinstance(size, Unknown):
        return None
    if _is_int(size):
        size = (size,)
    if not isinstance(size, (tuple, list)):
        raise TypeError(f"{function}(): argument 'size' (position 1) must be tuple of ints, not {type(size).__name__}")
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
                f"{function}(): argument 'size' failed to unpack the object at pos {place + 1} with error \"type must "
                f"be "
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


def tensor_unknown():
    return Tensor._make(None)


def shape_of(value):
    return value._shape if isinstance(value, Tensor) else None
