# compressed_tensors, read from 0.20.0 and 0.12.2.
from __native__ import unknown

__version__ = "0.20.0"


def __getattr__(name):
    return unknown(f"compressed_tensors.{name}")
