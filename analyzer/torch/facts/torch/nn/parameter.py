# Facts of torch 2.13.0, torch/nn/parameter.py.
from __native__ import Buffer, Parameter, UninitializedBuffer, UninitializedParameter, UninitializedTensorMixin


def is_lazy(param):
    return isinstance(param, UninitializedTensorMixin)
