# transformers.integrations.peft: no adapter is loaded while a model is built.
from __native__ import unknown


class PeftAdapterMixin:
    _hf_peft_config_loaded = False

    def load_adapter(self, *args, **kwargs):
        return unknown("an adapter")

    def add_adapter(self, *args, **kwargs):
        return unknown("an adapter")
