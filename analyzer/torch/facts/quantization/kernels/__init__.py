# kernels: what is fetched from the hub only computes.
from __native__ import unknown_plain

__version__ = "0.18.2"


def get_kernel(*args, **kwargs):
    return unknown_plain("a kernel fetched from the hub")
