# bitsandbytes.nn, read from 0.50.2.
from __native__ import unknown
from bitsandbytes.nn.modules import Linear4bit, Linear8bitLt


def __getattr__(name):
    return unknown(f"bitsandbytes.nn.{name}")
