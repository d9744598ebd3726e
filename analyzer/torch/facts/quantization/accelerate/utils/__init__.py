# accelerate.utils, read from 1.15.0.
from __native__ import unknown


def find_tied_parameters(model, **kwargs):
    names = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        names.setdefault(parameter, []).append(name)
    return [sorted(group) for group in names.values() if len(group) > 1]


def __getattr__(name):
    return unknown(f"accelerate.utils.{name}")
