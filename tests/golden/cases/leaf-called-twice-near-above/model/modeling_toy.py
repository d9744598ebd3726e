from torch import nn
from transformers import PreTrainedModel

from .configuration_toy import ToyConfig


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.up = nn.Linear(size, size)
        self.down = nn.Linear(size, size)

    def forward(self, x):
        return self.down(self.up(x).relu())


class Stack(nn.Module):
    def __init__(self, block, layers):
        super().__init__()
        self.block = block
        self.norms = nn.ModuleList([nn.LayerNorm(8) for _ in range(layers)])

    def forward(self, x):
        for norm in self.norms:
            x = norm(self.block(x))
        return x


class Both(nn.Module):
    def __init__(self, layers):
        super().__init__()
        shared = Block(8)
        self.encoder = Stack(shared, layers)
        self.decoder = Stack(shared, layers)

    def forward(self, x):
        return self.decoder(self.encoder(x))


class ToyModel(PreTrainedModel):
    config_class = ToyConfig

    def __init__(self, config):
        super().__init__(config)
        self.both = Both(config.layers)
        self.head = nn.Linear(8, 8)
        self.head.weight = self.both.encoder.block.up.weight
        self.post_init()

    def forward(self, x):
        return self.head(self.both(x))
