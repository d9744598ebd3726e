# The standard library's os.  What the machine holds cannot be told.
from . import path
from __native__ import unknown

sep = "/"
linesep = "\n"
pathsep = ":"
name = "posix"


class PathLike:
    pass


class _Environment:
    def get(self, key, default=None):
        return unknown(f"the environment variable {key}")

    def __getitem__(self, key):
        return unknown(f"the environment variable {key}")

    def __contains__(self, key):
        return unknown(f"the environment variable {key}")

    def setdefault(self, key, default=None):
        return unknown(f"the environment variable {key}")

    def pop(self, key, default=None):
        return unknown(f"the environment variable {key}")

    def __setitem__(self, key, value):
        pass


environ = _Environment()


def getenv(key, default=None):
    return unknown(f"the environment variable {key}")


def fspath(path):
    return path


def makedirs(name, mode=511, exist_ok=False):
    pass


def __getattr__(name):
    return unknown(f"os.{name}")
