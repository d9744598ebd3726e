# einops 0.8, layers/torch.py: modules without parameters.
from __native__ import Module, unknown


class Rearrange(Module):
    def __init__(self, pattern, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.axes_lengths = axes_lengths


class Reduce(Module):
    def __init__(self, pattern, reduction, **axes_lengths):
        super().__init__()
        self.pattern = pattern
        self.reduction = reduction
        self.axes_lengths = axes_lengths


def __getattr__(name):
    return unknown(f"einops.layers.torch.{name}")
