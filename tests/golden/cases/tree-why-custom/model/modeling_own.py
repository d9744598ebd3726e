from torch import nn
from transformers import PretrainedConfig, PreTrainedModel


class OwnConfig(PretrainedConfig):
    model_type = "own"

    def __init__(self, layers=2, experts=3, **kwargs):
        self.layers = layers
        self.experts = experts
        super().__init__(**kwargs)


def expert(config, size):
    return nn.Linear(size, size)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.Linear(8, 8)


class Moe(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.experts = nn.ModuleList(
            [
                expert(
                    config,
                    8,
                )
                if size != "none"
                else None
                # As many as the config says,
                # each of its own,
                # and none of them
                # a little one,
                for number in range(config.experts)
                for size in ["8"]
            ]
        )


class Layer(nn.Module):
    def __init__(self, config, number):
        super().__init__()
        if number == 0:
            self.mlp = Mlp()
        elif number == 1:
            self.mlp = nn.Identity()
        else:
            try:
                with config_of(config) as given:
                    self.mlp = Moe(given)
            except ValueError:
                self.mlp = None


class config_of:
    def __init__(self, config):
        self.config = config

    def __enter__(self):
        return self.config

    def __exit__(self, *others):
        return False


class OwnPreTrainedModel(PreTrainedModel):
    config_class = OwnConfig


class OwnModel(OwnPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        layers = []
        for number in range(config.layers):
            layers.append(Layer(config, number))
        self.layers = nn.ModuleList(layers)

        def heads():
            number = 0
            while number < 2:
                self.add_module(f"head{number}", nn.Linear(8, 8)); number += 1

        heads()
        self.first = self.layers[0]
        self.tabbed	=	nn.Dropout(); self.post_init()
