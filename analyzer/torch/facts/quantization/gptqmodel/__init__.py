# gptqmodel, read from 7.7.0: it picks one of its classes by machine and version.
from __native__ import unknown
from torch.nn import Module

__version__ = "7.7.0"


class QuantLinear(Module):
    stands_in = ("Linear", "Kernel")

    def __init__(self, *args, in_features=None, out_features=None, **kwargs):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features


def __getattr__(name):
    return unknown(f"gptqmodel.{name}")
