# Facts of torch 2.13.0, torch.autograd.graph.
from __native__ import unknown


class save_on_cpu:
    def __init__(self, *args, **kwargs):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *args):
        return False


def __getattr__(name):
    return unknown(f"torch.autograd.graph.{name}")
