# huggingface_hub 2.4.0: what the hub holds cannot be told.
from __native__ import unknown
from . import constants, dataclasses, errors, utils

__version__ = unknown("the version of huggingface_hub")


def is_offline_mode():
    return unknown("whether the hub can be reached")


def __getattr__(name):
    return unknown(f"huggingface_hub.{name}")
