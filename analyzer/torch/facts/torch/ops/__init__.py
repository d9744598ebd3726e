# Facts of torch 2.13.0, torch.ops.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.ops.{name}")
