# Facts of torch 2.13.0, torch/__init__.py.
from __native__ import (
    Module, Tensor, environment, import_module, shape_of, tensor_arange, tensor_cat, tensor_empty, tensor_from,
    tensor_full, tensor_legacy, tensor_linspace, tensor_stack, tensor_unknown, unknown,
)
from torch._dtypes import (
    BUILD_DEVICE, bfloat16, bool, cdouble, cfloat, chalf, channels_last, channels_last_3d, complex128, complex32,
    complex64, contiguous_format, device, double, dtype, finfo, float, float16, float32, float4_e2m1fn_x2, float64,
    float8_e4m3fn, float8_e4m3fnuz, float8_e5m2, float8_e5m2fnuz, float8_e8m0fnu, half, iinfo, int, int16, int32, int64,
    int8, layout, long, memory_format, preserve_format, short, sparse_coo, sparse_csr, strided, uint16, uint32, uint64,
    uint8,
)
from torch._contexts import (
    autocast, enable_grad, inference_mode, is_autocast_enabled, is_grad_enabled, no_grad, set_grad_enabled,
)
from torch._names import OTHER, TENSOR_FUNCTIONS
from torch._sizes import one_side, size_of, whole_tuple

__version__ = environment("torch_version")
pi = 3.141592653589793
e = 2.718281828459045
inf = 1e999
nan = 1e999 - 1e999
newaxis = None

_MODULES = set(
    (
        "_C _dynamo _higher_order_ops accelerator amp ao autograd backends compiler cpu cuda distributed "
        "distributions export fft func functional futures fx hub jit library linalg masked mps mtia multiprocessing "
        "nested nn onnx ops optim overrides package profiler quantization random return_types serialization signal "
        "sparse special testing torch_version types utils version xpu"
    ).split()
)


# What is not spelled out here: a submodule, a function that gives a tensor, or another name that torch has.
def __getattr__(name):
    if name in _MODULES:
        return import_module("torch." + name)
    if name in TENSOR_FUNCTIONS or name in ("max", "min"):
        def function(*args, **kwargs):
            if args and isinstance(args[0], Tensor) and hasattr(args[0], name):
                return getattr(args[0], name)(*args[1:], **kwargs)
            return unknown(f"torch.{name}") if name in ("max", "min", "median") else tensor_unknown()

        function.__name__ = name
        return function
    if name in OTHER:
        return unknown(f"torch.{name}")
    raise AttributeError(f"module 'torch' has no attribute '{name}'")


def empty(*size, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
          memory_format=None, **named):
    return tensor_empty(size_of(size, named.get("size"), "empty"), dtype, "empty")


def zeros(*size, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, **named):
    return tensor_full(size_of(size, named.get("size"), "zeros"), 0.0, dtype, "zeros")


def ones(*size, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, **named):
    return tensor_full(size_of(size, named.get("size"), "ones"), 1.0, dtype, "ones")


def rand(*size, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
         **named):
    return tensor_empty(size_of(size, named.get("size"), "rand"), dtype, "rand")


def randn(*size, generator=None, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False,
          **named):
    return tensor_empty(size_of(size, named.get("size"), "randn"), dtype, "randn")


def full(size, fill_value, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return tensor_full(whole_tuple(size, "full"), fill_value, dtype, "full")


def eye(n, m=None, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False):
    return tensor_empty((one_side(n, "eye"), n if m is None else m), dtype, "eye")


def randint(*args, **kwargs):
    size = kwargs.get("size", args[-1] if args else None)
    return tensor_empty(size, int64, "randint") if isinstance(size, (tuple, list)) else tensor_unknown()


def normal(mean=None, std=None, size=None, *, generator=None, out=None, dtype=None, device=None, **named):
    if size is not None:
        return tensor_empty(size, dtype, "normal")
    return _like(mean if shape_of(mean) is not None else std)


def randperm(n, *, generator=None, out=None, dtype=int64, layout=None, device=None, **named):
    return tensor_empty((n,), int64, "randperm")


def _dtype_like(input, dtype):
    return input.dtype if dtype is None else dtype


def _like(input, dtype=None):
    shape = shape_of(input)
    return tensor_unknown() if shape is None else tensor_empty(shape, _dtype_like(input, dtype))


def empty_like(input, *, dtype=None, **named):
    return _like(input, dtype)


def rand_like(input, *, dtype=None, **named):
    return _like(input, dtype)


def randn_like(input, *, dtype=None, **named):
    return _like(input, dtype)


def randint_like(input, *args, dtype=None, **named):
    return _like(input, dtype)


def zeros_like(input, *, dtype=None, **named):
    shape = shape_of(input)
    return tensor_unknown() if shape is None else tensor_full(shape, 0.0, _dtype_like(input, dtype))


def ones_like(input, *, dtype=None, **named):
    shape = shape_of(input)
    return tensor_unknown() if shape is None else tensor_full(shape, 1.0, _dtype_like(input, dtype))


def full_like(input, fill_value, *, dtype=None, **named):
    shape = shape_of(input)
    return tensor_unknown() if shape is None else tensor_full(shape, fill_value, _dtype_like(input, dtype))


def tensor(data, *, dtype=None, device=None, requires_grad=False, pin_memory=False):
    if data is None:
        raise RuntimeError("Could not infer dtype of NoneType")
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    return tensor_from(data, dtype)


def as_tensor(data, dtype=None, device=None):
    return tensor_from(data, dtype)


def asarray(data, *, dtype=None, **named):
    return tensor_from(data, dtype)


def from_numpy(data):
    return tensor_from(data)


def scalar_tensor(value, *, dtype=None, **named):
    return tensor_from(value, dtype)


def arange(*args, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False, **named):
    start, end, step = 0, named.get("end"), named.get("step", 1)
    if len(args) == 1 and "start" not in named and end is None:
        end = args[0]
        if end is None or isinstance(end, str):
            raise TypeError(f"arange(): argument 'end' (position 1) must be Number, not {type(end).__name__}")
    elif args:
        start = args[0]
        end = args[1] if len(args) > 1 else end
        step = args[2] if len(args) > 2 else step
    return tensor_arange(named.get("start", start), end, step, dtype)


def linspace(
    start, end, steps, *, out=None, dtype=None, layout=None, device=None, pin_memory=False, requires_grad=False
):
    return tensor_linspace(start, end, steps, dtype)


def cat(tensors, dim=0, *, out=None):
    return tensor_cat(tensors, dim)


concat = concatenate = cat


def stack(tensors, dim=0, *, out=None):
    return tensor_stack(tensors, dim)


def meshgrid(*tensors, indexing=None):
    if len(tensors) == 1 and isinstance(tensors[0], (tuple, list)):
        tensors = tensors[0]
    sizes = []
    for one in tensors:
        shape = shape_of(one)
        if shape is None or len(shape) > 1:
            return tuple(tensor_unknown() for _ in tensors)
        sizes.append(shape[0] if shape else 1)
    if indexing == "xy" and len(sizes) > 1:
        sizes[0], sizes[1] = sizes[1], sizes[0]
    return tuple(tensor_empty(tuple(sizes)) for _ in tensors)


def numel(input):
    return input.numel()


def is_tensor(value):
    return isinstance(value, Tensor)


def is_floating_point(input):
    return input.is_floating_point()


def is_complex(input):
    return False


def broadcast_shapes(*shapes):
    return unknown("torch.broadcast_shapes")


def split(tensor, split_size_or_sections, dim=0):
    return tensor.split(split_size_or_sections, dim)


def chunk(input, chunks, dim=0):
    return input.chunk(chunks, dim)


def unbind(input, dim=0):
    return input.unbind(dim)


_default_dtype = [float32]


def get_default_dtype():
    return _default_dtype[0]


def set_default_dtype(d):
    _default_dtype[0] = d


def get_default_device():
    return BUILD_DEVICE


def set_default_device(device):
    pass


def set_default_tensor_type(t):
    pass


def manual_seed(seed):
    return unknown("a random generator")


def compile(model=None, *args, **kwargs):
    if model is None:
        return compile
    return unknown("torch.compile of a module") if isinstance(model, Module) else model


def set_float32_matmul_precision(precision):
    pass


def get_num_threads():
    return unknown("the number of threads")


def set_num_threads(number):
    pass


def _assert(condition, message):
    pass


def typename(value):
    return f"{type(value).__module__}.{type(value).__name__}"


def is_inference_mode_enabled():
    return False


def is_deterministic():
    return False


def are_deterministic_algorithms_enabled():
    return False


class Size(tuple):
    def numel(self):
        count = 1
        for size in self:
            count = count * size
        return count


# The older constructors: sizes, or data.
def FloatTensor(*args, **kwargs):
    return tensor_legacy(args, float32)


def DoubleTensor(*args, **kwargs):
    return tensor_legacy(args, float64)


def HalfTensor(*args, **kwargs):
    return tensor_legacy(args, float16)


def BFloat16Tensor(*args, **kwargs):
    return tensor_legacy(args, bfloat16)


def LongTensor(*args, **kwargs):
    return tensor_legacy(args, int64)


def IntTensor(*args, **kwargs):
    return tensor_legacy(args, int32)


def ShortTensor(*args, **kwargs):
    return tensor_legacy(args, int16)


def CharTensor(*args, **kwargs):
    return tensor_legacy(args, int8)


def ByteTensor(*args, **kwargs):
    return tensor_legacy(args, uint8)


def BoolTensor(*args, **kwargs):
    return tensor_legacy(args, bool)


class Generator:
    def __init__(self, *args, **kwargs):
        pass

    def manual_seed(self, seed):
        return self


class SymInt:
    pass


class SymFloat:
    pass


class SymBool:
    pass
