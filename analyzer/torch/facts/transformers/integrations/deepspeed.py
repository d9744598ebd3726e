# transformers.integrations.deepspeed: no engine runs while a tree is worked out.


def is_deepspeed_available():
    return False


def is_deepspeed_zero3_enabled():
    return False


def deepspeed_config():
    return None
