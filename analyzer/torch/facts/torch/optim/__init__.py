# Facts of torch 2.13.0, torch.optim.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torch.optim.{name}")
