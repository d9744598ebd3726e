from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class OwnConfig(PretrainedConfig):
    model_type = "own"

    def __init__(self, layers=2, **kwargs):
        self.layers = layers
        super().__init__(**kwargs)


class OwnAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.proj = nn.Linear(8, 8)


class OwnSdpaAttention(OwnAttention):
    pass


class OwnFlashAttention2(OwnAttention):
    def __init__(self):
        super().__init__()
        self.kernel = OwnKernel()


class OwnKernel(nn.Module):
    pass


class OwnFlashAttention3(OwnAttention):
    """Called like one, and in no table."""


OWN_ATTENTION_CLASSES = {
    "eager": OwnAttention,
    "sdpa": OwnSdpaAttention,
    "flash_attention_2": OwnFlashAttention2,
}


class OwnLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.self_attn = OWN_ATTENTION_CLASSES[config._attn_implementation]()


class OwnModel(PreTrainedModel):
    config_class = OwnConfig
    _supports_sdpa = True
    _supports_flash_attn = True
    _supports_flash_attn_2 = True

    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([OwnLayer(config) for _ in range(config.layers)])
        self.post_init()
