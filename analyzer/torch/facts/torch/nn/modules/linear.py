# Facts of torch 2.13.0, torch/nn/modules/linear.py.
from __native__ import Module, Parameter, UninitializedParameter, tensor_empty
from .lazy import LazyModuleMixin


class Identity(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()


class Linear(Module):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(tensor_empty((out_features, in_features), dtype))
        if bias:
            self.bias = Parameter(tensor_empty(out_features, dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        pass


class NonDynamicallyQuantizableLinear(Linear):
    def __init__(self, in_features, out_features, bias=True, device=None, dtype=None):
        super().__init__(in_features, out_features, bias=bias, device=device, dtype=dtype)


class Bilinear(Module):
    def __init__(self, in1_features, in2_features, out_features, bias=True, device=None, dtype=None):
        super().__init__()
        self.in1_features = in1_features
        self.in2_features = in2_features
        self.out_features = out_features
        self.weight = Parameter(tensor_empty((out_features, in1_features, in2_features), dtype))
        if bias:
            self.bias = Parameter(tensor_empty(out_features, dtype))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self):
        if self.weight.shape[1] <= 0:
            raise ValueError(f"in1_features must be > 0, but got (in1_features={self.weight.shape[1]})")


class LazyLinear(LazyModuleMixin, Linear):
    cls_to_become = Linear

    def __init__(self, out_features, bias=True, device=None, dtype=None):
        super().__init__(0, 0, False)
        self.weight = UninitializedParameter()
        self.out_features = out_features
        if bias:
            self.bias = UninitializedParameter()
