# aqlm.inference, read from 1.1.7.
from torch.nn import Module


class QuantizedLinear(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
