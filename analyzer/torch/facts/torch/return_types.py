# Facts of torch 2.13.0: the named pairs that functions along an axis return.
from collections import namedtuple

from __native__ import unknown

max = namedtuple("max", ("values", "indices"))
min = namedtuple("min", ("values", "indices"))
median = namedtuple("median", ("values", "indices"))


def __getattr__(name):
    return unknown(f"torch.return_types.{name}")
