# fp_quant.module.linear, read from 0.3.2.
from torch.nn import Module


class FPQuantLinear(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
