# Facts of torch 2.13.0, torch.version.
from __native__ import environment, unknown

__version__ = environment("torch_version")
cuda = None
hip = None
xpu = None


def __getattr__(name):
    return unknown(f"torch.version.{name}")
