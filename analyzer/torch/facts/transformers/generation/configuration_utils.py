# transformers.generation.configuration_utils: the release's GenerationConfig, whose values cannot be told.
from __native__ import from_source, unknown_plain

GenerationConfig = from_source("transformers.generation.configuration_utils", "GenerationConfig")


def _unknown_settings(cls, *args, **kwargs):
    return unknown_plain("the generation settings")


GenerationConfig.from_model_config = classmethod(_unknown_settings)
GenerationConfig.from_pretrained = classmethod(_unknown_settings)
