# compressed_tensors.modeling.attention, read from 0.20.0.
from torch.nn import Module


class QuantizedAttentionImpl(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
