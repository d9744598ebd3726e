# transformers.dynamic_module_utils: code that would be fetched.
from __native__ import unknown


def get_class_from_dynamic_module(*args, **kwargs):
    return unknown("a class fetched from the hub")


def resolve_trust_remote_code(trust_remote_code, model_name, has_local_code, has_remote_code, *args, **kwargs):
    if has_remote_code and not has_local_code:
        return unknown("whether fetched code is trusted")
    return bool(trust_remote_code)


def custom_object_save(*args, **kwargs):
    return unknown("saved files")
