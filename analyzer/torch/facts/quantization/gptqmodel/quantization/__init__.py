# gptqmodel.quantization.
from __native__ import unknown_plain


class METHOD:
    AWQ = "awq"
    GPTQ = "gptq"


def __getattr__(name):
    return unknown_plain(f"gptqmodel.quantization.{name}")
