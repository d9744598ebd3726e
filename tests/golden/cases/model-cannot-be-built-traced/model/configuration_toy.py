from transformers import PretrainedConfig


class ToyConfig(PretrainedConfig):
    model_type = "toy"
    attribute_map = {"hidden_size": "d_model"}

    def __init__(self, fault="none", d_model=8, num_heads=2, ratio=1.0, kinds=("a",), text_config=None, blocks=1, act="relu", **kwargs):
        self.fault = fault
        self.d_model = d_model
        self.num_heads = num_heads
        self.ratio = ratio
        self.kinds = kinds
        self.text_config = text_config or {}
        self.blocks = blocks
        self.act = act
        super().__init__(**kwargs)
