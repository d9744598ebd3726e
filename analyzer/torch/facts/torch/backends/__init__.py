# Facts of torch 2.13.0, torch.backends.
from . import cuda, cudnn, mps
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.backends.{name}")
