# Facts of torch 2.13.0, torch.compiler.
from __native__ import unknown


def is_compiling():
    return False


def is_dynamo_compiling():
    return False


def is_exporting():
    return False


def disable(fn=None, *args, **kwargs):
    return disable if fn is None else fn


def allow_in_graph(fn):
    return fn


def assume_constant_result(fn):
    return fn


def substitute_in_graph(*args, **kwargs):
    return allow_in_graph


def reset():
    pass


def cudagraph_mark_step_begin():
    pass


def __getattr__(name):
    return unknown(f"torch.compiler.{name}")
