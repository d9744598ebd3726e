# awq.modules.linear.gemm, read from autoawq 0.2.9.
from torch.nn import Module


class WQLinear_GEMM(Module):
    def __init__(self, w_bit, group_size, in_features, out_features, bias, dev, training=False):
        super().__init__()
        self.in_features = in_features
        self.out_features = out_features
