# gptqmodel.utils.importer: which class it picks, depends on the machine.
from gptqmodel import QuantLinear


def hf_select_quant_linear_v2(*args, **kwargs):
    return QuantLinear
