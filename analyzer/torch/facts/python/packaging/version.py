# packaging.version: release numbers, with pre-releases, post-releases and local parts.
from __native__ import is_known, unknown_plain



class InvalidVersion(ValueError):
    pass


def _number(text):
    digits = ""
    for letter in text:
        if not letter.isdigit():
            break
        digits += letter
    return digits, text[len(digits):]


class Version:
    def __init__(self, version):
        if is_known(version):
            self._read(version)
            return
        nothing = unknown_plain("the version of a package")
        self._text = self.release = self.major = self.minor = self.micro = self._key = self._local = nothing
        self.is_devrelease = self.is_postrelease = self.is_prerelease = nothing

    def _read(self, version):
        text = version.strip().lower()
        if text.startswith("v"):
            text = text[1:]
        text, _, self._local = text.partition("+")
        release = []
        rest = text
        while True:
            digits, rest = _number(rest)
            if not digits:
                break
            release.append(int(digits))
            if not rest.startswith("."):
                break
            following = rest[1:]
            if not following or not following[0].isdigit():
                break
            rest = following
        if not release:
            raise InvalidVersion(f"Invalid version: {version!r}")
        self._text = version.strip()
        self.release = tuple(release)
        rest = rest.lstrip(".-_")
        self.is_devrelease = "dev" in rest
        self.is_postrelease = "post" in rest
        self.is_prerelease = self.is_devrelease or rest.startswith(("a", "b", "c", "rc", "pre"))
        self.major = release[0]
        self.minor = release[1] if len(release) > 1 else 0
        self.micro = release[2] if len(release) > 2 else 0
        while len(release) > 1 and release[-1] == 0:
            release.pop()
        rank = 3 if self.is_postrelease else 2
        if self.is_prerelease:
            rank = 0 if rest.startswith("dev") else 1
        name = rest.rstrip("0123456789").rstrip(".-_")
        digits = rest[len(rest.rstrip("0123456789")):]
        self._key = (tuple(release), rank, name if rank != 2 else "", int(digits) if digits else 0, self._local or "")

    @property
    def base_version(self):
        return ".".join(str(part) for part in self.release)

    @property
    def public(self):
        return self._text.partition("+")[0]

    @property
    def local(self):
        return self._local or None

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"<Version('{self._text}')>"

    def __hash__(self):
        return hash(self._key)

    def __eq__(self, other):
        return self._key == other._key

    def __ne__(self, other):
        return self._key != other._key

    def __lt__(self, other):
        return self._key < other._key

    def __le__(self, other):
        return self._key <= other._key

    def __gt__(self, other):
        return self._key > other._key

    def __ge__(self, other):
        return self._key >= other._key


def parse(version):
    return Version(version)
