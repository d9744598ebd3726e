# hqq, read from 0.2.8.
__version__ = "0.2.8"
