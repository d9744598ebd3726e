import os

import nowhere_to_be_found
from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class OwnConfig(PretrainedConfig):
    model_type = "own"


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        for name in os.environ:
            self.add_module(name, nn.Linear(size, size))


class OwnModel(PreTrainedModel):
    config_class = OwnConfig

    def __init__(self, config):
        super().__init__(config)
        self.first = nn.Linear(4, 4) if os.environ.get("LARGE") else nn.Identity()
        self.blocks = nn.ModuleList([Block(8) for _ in range(2)])
        if os.environ.get("HEAD"):
            self.head = nn.Linear(8, 8)
        self.other = nowhere_to_be_found.Layer(8)
        self.post_init()
