# How transformers makes a model: configuration from the values of a config.json (PreTrainedConfig.from_pretrained, after
# the file was read), then the model class on it.


def choose_values(config_class, values):
    """The part of a config.json that is meant for this configuration class."""
    key = getattr(config_class, "base_config_key", "")
    if isinstance(key, str) and key in values:  # a list of them belongs to a from_pretrained of its own
        values = values[key]
    own_type = getattr(config_class, "model_type", None)
    if own_type is not None and "model_type" in values and values["model_type"] != own_type:
        for part in list(values.values()):
            if isinstance(part, dict) and part.get("model_type") == own_type:
                values = part
    return values


def build(model_class, values, config_class, tagged):
    if config_class is None:
        config_class = model_class.config_class
    if values is None:
        config = config_class()
    else:
        if tagged and hasattr(config_class, "_decode_special_floats"):
            values = config_class._decode_special_floats(values)
        config = config_class.from_dict(choose_values(config_class, values))
    return model_class(config)
