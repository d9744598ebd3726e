from transformers import PretrainedConfig


class ToyConfig(PretrainedConfig):
    model_type = "toy"

    def __init__(self, layers=2, **kwargs):
        self.layers = layers
        super().__init__(**kwargs)
