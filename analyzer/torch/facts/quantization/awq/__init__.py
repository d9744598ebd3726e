# awq, read from autoawq 0.2.9.
__version__ = "0.2.9"
