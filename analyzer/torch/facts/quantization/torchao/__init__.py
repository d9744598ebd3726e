# torchao, read from 0.18.0.
from __native__ import unknown

__version__ = "0.18.0"


def __getattr__(name):
    return unknown(f"torchao.{name}")
