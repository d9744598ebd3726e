import torch
from torch import nn
from transformers import PreTrainedModel

from .configuration_toy import ToyConfig


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.experts = nn.ModuleList([nn.Linear(size, size) for _ in range(2)])

    def forward(self, x, index):
        for i in index.unique():
            x = self.experts[i](x)
        return x


class ToyModel(PreTrainedModel):
    config_class = ToyConfig

    def __init__(self, config):
        super().__init__(config)
        self.first = nn.Linear(4, 4)
        self.blocks = nn.ModuleList([Block(8) for _ in range(config.layers)])
        self.post_init()
