# Facts of torch 2.13.0, torch.utils.
from . import checkpoint, data
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.utils.{name}")
