# Facts of torch 2.13.0, torch/nn/attention/flex_attention.py.
from __native__ import tensor_unknown, unknown

_DEFAULT_SPARSE_BLOCK_SIZE = 128


class BlockMask:
    pass


class AuxRequest:
    pass


def flex_attention(*args, **kwargs):
    return tensor_unknown()


def create_block_mask(*args, **kwargs):
    return unknown("a block mask")


def __getattr__(name):
    return unknown(f"torch.nn.attention.flex_attention.{name}")
