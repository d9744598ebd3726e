# optimum.quanto.nn.qlayernorm, read from optimum-quanto 0.2.7.
from torch.nn.modules.normalization import LayerNorm


class QLayerNorm(LayerNorm):
    def __init__(self, *args, weights=None, activations=None, optimizer=None, quantize_input=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.frozen = False
