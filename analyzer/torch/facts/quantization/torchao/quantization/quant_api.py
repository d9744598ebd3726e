# torchao.quantization.quant_api, read from 0.18.0.
from __native__ import unknown
from torchao.core.config import AOBaseConfig


def __getattr__(name):
    return unknown(f"torchao.quantization.quant_api.{name}")
