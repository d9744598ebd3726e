# Facts of torch 2.13.0: torch.dtype, torch.device, torch.finfo, torch.iinfo and their kind.
from __native__ import unknown


class dtype:
    def __init__(self, name, itemsize, is_floating_point=False, is_complex=False):
        self._name = name
        self.itemsize = itemsize
        self.is_floating_point = is_floating_point
        self.is_complex = is_complex
        self.is_signed = not name.startswith("uint") and name != "bool"

    def __repr__(self):
        return f"torch.{self._name}"

    def __str__(self):
        return f"torch.{self._name}"


dtype.__module__ = "torch"

float64 = double = dtype("float64", 8, True)
float32 = float = dtype("float32", 4, True)
float16 = half = dtype("float16", 2, True)
bfloat16 = dtype("bfloat16", 2, True)
float8_e4m3fn = dtype("float8_e4m3fn", 1, True)
float8_e4m3fnuz = dtype("float8_e4m3fnuz", 1, True)
float8_e5m2 = dtype("float8_e5m2", 1, True)
float8_e5m2fnuz = dtype("float8_e5m2fnuz", 1, True)
float8_e8m0fnu = dtype("float8_e8m0fnu", 1, True)
float4_e2m1fn_x2 = dtype("float4_e2m1fn_x2", 1, True)
complex32 = chalf = dtype("complex32", 4, False, True)
complex64 = cfloat = dtype("complex64", 8, False, True)
complex128 = cdouble = dtype("complex128", 16, False, True)
int64 = long = dtype("int64", 8)
int32 = int = dtype("int32", 4)
int16 = short = dtype("int16", 2)
int8 = dtype("int8", 1)
uint8 = dtype("uint8", 1)
uint16 = dtype("uint16", 2)
uint32 = dtype("uint32", 4)
uint64 = dtype("uint64", 8)
bool = dtype("bool", 1)


class device:
    def __init__(self, type="cpu", index=None):
        if isinstance(type, device):
            self.type = type.type
            self.index = type.index
        elif isinstance(type, str) and ":" in type:
            self.type, number = type.split(":")
            self.index = _whole(number)
        elif isinstance(type, str):
            self.type = type
            self.index = index
        else:
            self.type = "cuda"
            self.index = type

    def __eq__(self, other):
        if not isinstance(other, device):
            return False
        return self.type == other.type and self.index == other.index

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((self.type, self.index))

    def __str__(self):
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __repr__(self):
        index = "" if self.index is None else f", index={self.index}"
        return f"device(type='{self.type}'{index})"

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


device.__module__ = "torch"

# Where every tensor of a model that is being built is: transformers builds on it before it reads weights.
BUILD_DEVICE = device("meta")


def _whole(text):
    number = 0
    for digit in text:
        number = number * 10 + "0123456789".index(digit)
    return number


# bits: (smallest, largest, eps, smallest normal)
_FLOATS = {
    "float64": (64, 1.7976931348623157e308, 2.220446049250313e-16, 2.2250738585072014e-308),
    "float32": (32, 3.4028234663852886e38, 1.1920928955078125e-07, 1.1754943508222875e-38),
    "float16": (16, 65504.0, 0.0009765625, 6.103515625e-05),
    "bfloat16": (16, 3.3895313892515355e38, 0.0078125, 1.1754943508222875e-38),
    "float8_e4m3fn": (8, 448.0, 0.125, 0.015625),
    "float8_e5m2": (8, 57344.0, 0.25, 6.103515625e-05),
}


class finfo:
    def __init__(self, type=float32):
        known = _FLOATS.get(type._name)
        if known is None:
            known = (unknown("finfo of this dtype"),) * 4
        self.dtype = type._name
        self.bits, self.max, self.eps, self.smallest_normal = known
        self.min = -self.max
        self.tiny = self.smallest_normal
        self.resolution = unknown("finfo.resolution")


_WHOLES = {
    "int64": (64, -9223372036854775807 - 1, 9223372036854775807),
    "int32": (32, -2147483648, 2147483647),
    "int16": (16, -32768, 32767),
    "int8": (8, -128, 127),
    "uint8": (8, 0, 255),
    "uint16": (16, 0, 65535),
    "uint32": (32, 0, 4294967295),
}


class iinfo:
    def __init__(self, type):
        known = _WHOLES.get(type._name)
        if known is None:
            raise TypeError(f"torch.iinfo() requires an integer input type. Use torch.finfo to handle '{type}'")
        self.dtype = type._name
        self.bits, self.min, self.max = known


class layout:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"torch.{self._name}"


strided = layout("strided")
sparse_coo = layout("sparse_coo")
sparse_csr = layout("sparse_csr")


class memory_format:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return f"torch.{self._name}"


contiguous_format = memory_format("contiguous_format")
channels_last = memory_format("channels_last")
channels_last_3d = memory_format("channels_last_3d")
preserve_format = memory_format("preserve_format")
