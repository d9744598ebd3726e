# Facts of torch 2.13.0, torch.backends.mps.
from __native__ import environment, unknown


def is_available():
    return environment("quantizing")


def is_built():
    return False


def __getattr__(name):
    return unknown(f"torch.backends.mps.{name}")
