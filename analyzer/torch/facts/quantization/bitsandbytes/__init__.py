# bitsandbytes, read from 0.50.2: what quantizers put into a model.
from __native__ import unknown

__version__ = "0.50.2"

supported_torch_devices = {"cpu", "cuda"}
features = {"multi_backend"}


def __getattr__(name):
    return unknown(f"bitsandbytes.{name}")
