# Facts of torch 2.13.0, torch._higher_order_ops.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch._higher_order_ops.{name}")
