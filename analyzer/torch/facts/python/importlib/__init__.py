# The standard library's importlib.
from __native__ import import_module as _import, unknown


def import_module(name, package=None):
    if name.startswith("."):
        level = len(name) - len(name.lstrip("."))
        parts = package.split(".")
        name = ".".join([*parts[:len(parts) - level + 1], name.lstrip(".")])
    return _import(name)


def __getattr__(name):
    if name in ("abc", "machinery", "metadata", "util"):
        return _import("importlib." + name)
    return unknown(f"importlib.{name}")
