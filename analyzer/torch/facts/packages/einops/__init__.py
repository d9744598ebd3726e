# einops 0.8: functions on tensors, which forward calls.
from __native__ import tensor_unknown, unknown


def rearrange(tensor, pattern, **axes_lengths):
    return tensor_unknown()


def reduce(tensor, pattern, reduction, **axes_lengths):
    return tensor_unknown()


def repeat(tensor, pattern, **axes_lengths):
    return tensor_unknown()


def einsum(*tensors_and_pattern):
    return tensor_unknown()


def pack(tensors, pattern):
    return unknown("packed tensors")


def unpack(tensor, packed_shapes, pattern):
    return unknown("unpacked tensors")


def __getattr__(name):
    return unknown(f"einops.{name}")
