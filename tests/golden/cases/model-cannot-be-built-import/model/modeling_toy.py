import torch.nn as nn
from transformers import PreTrainedModel
from transformers.utils.import_utils import is_torch_fx_available

from .configuration_toy import ToyConfig


class ToyForCausalLM(PreTrainedModel):
    config_class = ToyConfig

    def __init__(self, config):
        super().__init__(config)
        self.head = nn.Linear(config.hidden_size, config.hidden_size)
        self.post_init()
