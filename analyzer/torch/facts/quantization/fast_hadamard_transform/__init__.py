# fast_hadamard_transform: kernels.
from __native__ import unknown_plain

__version__ = "1.0.4"


def __getattr__(name):
    return unknown_plain(f"fast_hadamard_transform.{name}")
