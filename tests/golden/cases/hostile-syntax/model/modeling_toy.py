import torch
from torch import nn
from transformers import PreTrainedModel

from .configuration_toy import ToyConfig


class ToyModel(PreTrainedModel:
    def __init__(self, config)
        self.x = nn.Linear(1,
