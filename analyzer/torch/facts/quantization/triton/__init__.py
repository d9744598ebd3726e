# triton: kernels are never run, but decorated and named.
from __native__ import unknown

__version__ = "3.5.1"


def jit(function=None, **kwargs):
    return _keep if function is None else function


def autotune(*args, **kwargs):
    return _keep


def heuristics(*args, **kwargs):
    return _keep


def Config(*args, **kwargs):
    return None


def _keep(function):
    return function


def __getattr__(name):
    return unknown(f"triton.{name}")
