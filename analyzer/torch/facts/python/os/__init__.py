# The standard library's os.  What the machine holds cannot be told.
from . import path
from __native__ import unknown, unknown_plain

sep = "/"
linesep = "\n"
pathsep = ":"
name = "posix"


class PathLike:
    pass


# A variable is text or it is not there; what it is by default may be anything.
def _variable(key, default):
    if default is None or isinstance(default, (str, int, float)):
        return unknown_plain(f"the environment variable {key}")
    return unknown(f"the environment variable {key}")


class _Environment:
    def get(self, key, default=None):
        return _variable(key, default)

    def __getitem__(self, key):
        return _variable(key, None)

    def __contains__(self, key):
        return unknown_plain(f"the environment variable {key}")

    def setdefault(self, key, default=None):
        return _variable(key, default)

    def pop(self, key, default=None):
        return _variable(key, default)

    def __setitem__(self, key, value):
        pass

    def __delitem__(self, key):
        pass

    def update(self, *args, **kwargs):
        pass

    def __iter__(self):
        return unknown("the environment's variables")

    def __len__(self):
        return unknown_plain("the environment's variables")

    def __getattr__(self, name):
        return unknown(f"os.environ.{name}")


environ = _Environment()


def getenv(key, default=None):
    return _variable(key, default)


# The process ends: nobody gets a model.
def _exit(status):
    raise SystemExit(status)


def abort():
    raise SystemExit


def fspath(path):
    return path


def makedirs(name, mode=511, exist_ok=False):
    pass


def __getattr__(name):
    return unknown(f"os.{name}")
