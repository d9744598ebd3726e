# The standard library's importlib.util.
from __native__ import package_available, unknown


class _Spec:
    pass


def find_spec(name, package=None):
    there = package_available(name)
    if there is False:
        return None
    return _Spec() if there is True else unknown(f"needs the package `{name}`, and whether it is installed cannot be told")


def __getattr__(name):
    return unknown(f"importlib.util.{name}")
