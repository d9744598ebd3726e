# accelerate, read from 1.15.0: what quantizers use of it.
from __native__ import unknown
from torch._contexts import _Context as init_empty_weights

__version__ = "1.15.0"


def __getattr__(name):
    return unknown(f"accelerate.{name}")
