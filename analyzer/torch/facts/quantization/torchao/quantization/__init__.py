# torchao.quantization, read from 0.18.0.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"torchao.quantization.{name}")
