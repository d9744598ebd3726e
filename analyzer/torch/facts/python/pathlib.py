# The standard library's pathlib: what is only text.
from __native__ import unknown
import os.path


class PurePath:
    def __init__(self, *parts):
        self._text = os.path.join(*[str(part) for part in parts]) if parts else "."

    def __truediv__(self, other):
        return type(self)(os.path.join(self._text, str(other)))

    def __str__(self):
        return self._text

    def __fspath__(self):
        return self._text

    def __eq__(self, other):
        return isinstance(other, PurePath) and self._text == other._text

    def __hash__(self):
        return hash(self._text)

    @property
    def name(self):
        return os.path.basename(self._text)

    @property
    def parent(self):
        return type(self)(os.path.dirname(self._text) or ".")

    @property
    def suffix(self):
        return os.path.splitext(self._text)[1]

    @property
    def stem(self):
        return os.path.splitext(self.name)[0]

    def as_posix(self):
        return self._text

    def joinpath(self, *parts):
        return type(self)(os.path.join(self._text, *[str(part) for part in parts]))

    def __getattr__(self, name):
        return unknown(f"a path's {name}")


class Path(PurePath):
    pass


PosixPath = Path
PurePosixPath = PurePath
