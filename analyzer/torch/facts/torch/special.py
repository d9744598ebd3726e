# Facts of torch 2.13.0, torch.special.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.special.{name}")
