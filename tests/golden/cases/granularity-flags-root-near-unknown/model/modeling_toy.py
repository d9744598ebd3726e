import torch
from torch import nn
from somewhere_else import Experts as Foreign
from transformers import PreTrainedModel

from .configuration_toy import ToyConfig


class Experts(nn.ModuleList):
    """A container like any other: nobody can call it."""

    def widest(self):
        return max(expert.out_features for expert in self)


class CalledExperts(nn.ModuleList):
    def forward(self, x):
        for expert in self:
            x = expert(x)
        return x


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.experts = Experts([nn.Linear(size, size) for _ in range(2)])
        self.called = CalledExperts([nn.Linear(size, size) for _ in range(2)])
        self.by_name = nn.ModuleDict({"a": nn.Linear(size, size)})
        self.scales = nn.ParameterList([nn.Parameter(torch.ones(size)) for _ in range(2)])
        self.biases = nn.ParameterDict({"b": nn.Parameter(torch.ones(size))})
        self.activations = nn.ModuleList([nn.ReLU(), nn.GELU()])
        self.sequence = nn.Sequential(nn.Linear(size, size), nn.ReLU())

    def forward(self, x):
        for expert in self.experts:
            x = expert(x)
        x = self.by_name["a"](self.sequence(self.called(x)))
        return self.activations[0](x * self.scales[0] + self.scales[1] + self.biases["b"])


class ToyModel(PreTrainedModel):
    config_class = ToyConfig

    def __init__(self, config):
        super().__init__(config)
        self.first = Foreign(nn.Linear(8, 8))
        self.blocks = nn.ModuleList([Block(8) for _ in range(config.layers)])
        self.post_init()
