# Facts of torch 2.13.0, torch.backends.cuda.
from __native__ import unknown


def is_available():
    return False


def is_built():
    return False


def __getattr__(name):
    return unknown(f"torch.backends.cuda.{name}")
