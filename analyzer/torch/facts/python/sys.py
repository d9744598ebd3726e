# The standard library's sys.
from __native__ import import_module, unknown

maxsize = 9223372036854775807
byteorder = "little"


class _VersionInfo(tuple):
    major = 3
    minor = 11
    micro = 0


# Everything that supports this torch runs Python 3.10 or newer; tests against older ones are decided.
version_info = _VersionInfo((3, 11, 0, "final", 0))


class _Modules:
    def get(self, name, default=None):
        try:
            return import_module(name)
        except ImportError:
            return default

    def __getitem__(self, name):
        try:
            return import_module(name)
        except ImportError:
            raise KeyError(name)

    def __contains__(self, name):
        return unknown(f"whether {name} has been imported")

    def __setitem__(self, name, module):
        pass


modules = _Modules()


def exit(status=None):
    raise SystemExit(status)


def getsizeof(*args):
    return unknown("the size of an object")


def setrecursionlimit(limit):
    pass


def __getattr__(name):
    return unknown(f"sys.{name}")
