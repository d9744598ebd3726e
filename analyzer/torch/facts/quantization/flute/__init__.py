# flute: kernels.
from __native__ import unknown_plain

__version__ = "0.4.2"


def __getattr__(name):
    return unknown_plain(f"flute.{name}")
