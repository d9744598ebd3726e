# Facts of torch 2.13.0, torch.mps.
from __native__ import unknown


def is_available():
    return False


def device_count():
    return 0


def __getattr__(name):
    return unknown(f"torch.mps.{name}")
