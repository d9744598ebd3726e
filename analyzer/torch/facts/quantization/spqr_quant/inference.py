# spqr_quant.inference, read from 0.2.0.
from torch.nn import Module


class QuantizedLinear(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()

    @staticmethod
    def create_placeholder(*args, **kwargs):
        return QuantizedLinear()
