# The standard library's textwrap: only documentation uses it.
from __native__ import unknown


def __getattr__(name):
    return unknown(f"textwrap.{name}")
