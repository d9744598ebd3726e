# sinq.sinqlinear_hf, read from 0.2.0.
from torch.nn import Module


class SINQLinear(Module):
    def __init__(self, *args, **kwargs):
        super().__init__()


def sinq_base_quant_config(*args, **kwargs):
    return {}
