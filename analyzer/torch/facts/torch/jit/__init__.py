# Facts of torch 2.13.0, torch.jit.
from __native__ import Module, unknown


class ScriptModule(Module):
    pass


def is_scripting():
    return False


def is_tracing():
    return False


def script(obj=None, *args, **kwargs):
    return unknown("torch.jit.script of a module") if isinstance(obj, Module) else obj


def script_if_tracing(function):
    return function


def ignore(drop=False, **kwargs):
    return drop if callable(drop) else ignore


def unused(function):
    return function


def export(function):
    return function


def interface(obj):
    return obj


def annotate(the_type, the_value):
    return the_value


def fork(function, *args, **kwargs):
    return unknown("torch.jit.fork")


def __getattr__(name):
    return unknown(f"torch.jit.{name}")
