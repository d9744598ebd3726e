# huggingface_hub 2.4.0, utils.py.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"huggingface_hub.utils.{name}")
