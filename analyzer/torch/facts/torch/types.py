# Facts of torch 2.13.0, torch.types.
from torch._dtypes import device as Device
from __native__ import Tensor, unknown

Number = (int, float, bool)


def __getattr__(name):
    return unknown(f"torch.types.{name}")
