import torch.nn as nn
from transformers import PreTrainedModel

from .configuration_toy import ToyConfig

ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU}


def check_positive(name, value):
    if value > 0:
        return value
    raise ValueError(f"{name} must be positive")


class Derived(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.num_heads = config.num_heads
        self.embed_dim = config.hidden_size
        self.head_dim = self.embed_dim // self.num_heads
        if self.head_dim * self.num_heads != self.embed_dim:
            raise ValueError("embed_dim must be divisible by num_heads")


class Helper(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.size = check_positive("size", int(config.hidden_size * config.ratio))


class Kinds(nn.Module):
    def __init__(self, config):
        super().__init__()
        for kind in config.kinds:
            assert kind in ("a", "b"), f"no such kind: {kind}"


class Nested(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.act = ACTIVATIONS[config.text_config["acts"][1]]()


class Counted(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(1, 1) for _ in range(config.blocks)])


class Again(nn.Module):
    def __init__(self, config):
        super().__init__()
        try:
            self.act = ACTIVATIONS[config.act]
        except KeyError as error:
            raise ValueError("no such activation") from error


class Untraced(nn.Module):
    def __init__(self, config):
        super().__init__()
        if config.num_heads:
            self.fail()

    def fail(self):
        raise NotImplementedError("not written yet")


class Missing(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.size = config.no_such_key


FAULTS = {
    "derived": Derived,
    "helper": Helper,
    "kinds": Kinds,
    "nested": Nested,
    "counted": Counted,
    "again": Again,
    "untraced": Untraced,
    "missing": Missing,
}


class ToyModel(PreTrainedModel):
    config_class = ToyConfig

    def __init__(self, config):
        super().__init__(config)
        self.layer = FAULTS[config.fault](config)
        self.post_init()
