# spqr_quant, read from 0.2.0.
from spqr_quant.inference import QuantizedLinear

__version__ = "0.2.0"
