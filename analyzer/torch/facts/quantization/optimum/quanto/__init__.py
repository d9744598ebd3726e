# optimum.quanto, read from optimum-quanto 0.2.7.
from __native__ import unknown
from optimum.quanto.nn.qlayernorm import QLayerNorm
from optimum.quanto.nn.qlinear import QLinear


__version__ = "0.2.7"


class qtype:
    def __init__(self, name):
        self.name = name


qint2, qint4, qint8, qfloat8 = qtype("qint2"), qtype("qint4"), qtype("qint8"), qtype("qfloat8")


def __getattr__(name):
    return unknown(f"optimum.quanto.{name}")
