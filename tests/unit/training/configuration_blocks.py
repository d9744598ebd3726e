from transformers import PretrainedConfig


class BlocksConfig(PretrainedConfig):
    model_type = "blocks"

    def __init__(self, noise=0.0, quiet=0.0, **kwargs):
        self.noise = noise
        self.quiet = quiet
        super().__init__(**kwargs)
