# Facts of torch 2.13.0, torch.accelerator.
from __native__ import environment, unknown
from torch._dtypes import device


def is_available():
    return environment("quantizing")


def device_count():
    return 0


def current_accelerator(check_available=False):
    return device("cuda") if environment("quantizing") else None


def __getattr__(name):
    return unknown(f"torch.accelerator.{name}")
