# transformers.integrations.fsdp: no wrapping while a tree is worked out.


def is_fsdp_managed_module(module):
    return False


def is_fsdp_enabled():
    return False
