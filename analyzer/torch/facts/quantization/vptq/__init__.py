# vptq, read from 0.0.5.
from vptq.layers.vqlinear import VQuantLinear

__version__ = "0.0.5"
