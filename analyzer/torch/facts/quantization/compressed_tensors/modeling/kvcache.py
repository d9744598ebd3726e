# compressed_tensors.modeling.kvcache, read from 0.20.0.
from torch.nn import Module


class QuantizedKVCache(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
