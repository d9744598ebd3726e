# Facts of torch 2.13.0, torch.utils._pytree.
from __native__ import unknown


def register_pytree_node(*args, **kwargs):
    pass


def _register_pytree_node(*args, **kwargs):
    pass


def __getattr__(name):
    return unknown(f"torch.utils._pytree.{name}")
