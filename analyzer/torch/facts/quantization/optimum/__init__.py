# optimum, read from 2.3.0.
from __native__ import unknown

__version__ = "2.3.0"


def __getattr__(name):
    return unknown(f"optimum.{name}")
