# optimum.quanto.nn.qlinear, read from optimum-quanto 0.2.7.
from torch.nn.modules.linear import Linear


class QLinear(Linear):
    def __init__(
        self, in_features, out_features, bias=True, weights=None, activations=None, optimizer=None,
        quantize_input=False, device=None, dtype=None,
    ):
        super().__init__(in_features, out_features, bias, device=device, dtype=dtype)
        self.frozen = False
