# bitsandbytes.nn.modules, read from 0.50.2: constructors, with the weights' shapes before they are loaded.
import torch
from torch.nn.modules.linear import Linear


class Linear4bit(Linear):
    def __init__(
        self,
        input_features,
        output_features,
        bias=True,
        compute_dtype=None,
        compress_statistics=True,
        quant_type="fp4",
        quant_storage=torch.uint8,
        device=None,
    ):
        super().__init__(input_features, output_features, bias, device)
        self.compute_dtype = compute_dtype
        self.quant_state = None
        self.quant_storage = quant_storage


class Linear8bitLt(Linear):
    def __init__(
        self,
        input_features,
        output_features,
        bias=True,
        has_fp16_weights=True,
        threshold=0.0,
        index=None,
        device=None,
    ):
        super().__init__(input_features, output_features, bias, device)
        self.index = index
