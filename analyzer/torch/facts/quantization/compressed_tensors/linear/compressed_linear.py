# compressed_tensors.linear.compressed_linear, read from 0.12.2.
from torch.nn.modules.linear import Linear


class CompressedLinear(Linear):
    pass
