# hqq.core.quantize, read from 0.2.8.
from torch.nn import Module


class HQQLinear(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()

    def state_dict_keys(self):
        return {"W_q", "bias"}
