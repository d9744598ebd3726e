# qutlass: kernels.
__version__ = "0.2.0"
