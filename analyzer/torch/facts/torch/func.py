# Facts of torch 2.13.0, torch.func.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.func.{name}")
