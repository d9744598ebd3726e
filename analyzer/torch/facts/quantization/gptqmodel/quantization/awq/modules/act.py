# gptqmodel.quantization.awq.modules.act, read from 7.7.0.
from torch import nn


class ScaledActivation(nn.Module):
    def __init__(self, module, scales):
        super().__init__()
        self.act = module
        self.scales = nn.Parameter(scales.data)
