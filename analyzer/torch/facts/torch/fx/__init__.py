# Facts of torch 2.13.0, torch.fx.
from __native__ import Module, unknown


class Graph:
    pass


class GraphModule(Module):
    pass


class Node:
    pass


class Proxy:
    pass


class Tracer:
    pass


def wrap(fn_or_name):
    return fn_or_name


def symbolic_trace(*args, **kwargs):
    return unknown("a traced module")


def __getattr__(name):
    return unknown(f"torch.fx.{name}")
