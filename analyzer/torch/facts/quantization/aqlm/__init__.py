# aqlm, read from 1.1.7.
from aqlm.inference import QuantizedLinear

__version__ = "1.1.7"
