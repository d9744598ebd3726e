# Facts of torch 2.13.0, torch.accelerator.
from __native__ import unknown


def is_available():
    return False


def device_count():
    return 0


def current_accelerator(check_available=False):
    return None


def __getattr__(name):
    return unknown(f"torch.accelerator.{name}")
