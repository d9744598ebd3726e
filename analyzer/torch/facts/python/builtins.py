# The standard library's builtins.
from __native__ import builtin


def __getattr__(name):
    return builtin(name)
