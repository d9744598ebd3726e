"""The cases of the fuzz command: which file of a release is mangled for which model, and how.

A case is a function of the seed, its number and the release alone, so that every case can be made again.
"""

import pathlib
import random
import re

# Files that many models read; a mangled one hits whoever reads it.
SHARED = (
    "activations.py cache_utils.py configuration_utils.py masking_utils.py modeling_layers.py modeling_outputs.py "
    "modeling_rope_utils.py modeling_utils.py pytorch_utils.py __init__.py utils/__init__.py utils/generic.py "
    "utils/import_utils.py backbone_utils.py utils/backbone_utils.py integrations/__init__.py generation/__init__.py "
    "models/__init__.py models/auto/__init__.py models/auto/auto_factory.py models/auto/configuration_auto.py "
    "models/auto/modeling_auto.py"
).split()
IDENTIFIER = re.compile(rb"[A-Za-z_][A-Za-z_0-9]*")
JUNK = b"()[]{}:;,.=+-*/%@!~\"'\\#\t\r\n\x00\x0c\x80\xff 0123456789abcdefghijklmnopqrstuvwxyz_ABCXYZ"


def models(package):
    """(class, modeling file) of every model that `tree --all` would build, and some that it would not."""
    found = []
    for path in sorted(package.glob("models/**/modeling_*.py")):
        if path.stem.startswith(("modeling_tf_", "modeling_flax_")):
            continue
        text = path.read_text(encoding="utf-8")
        public = re.search(r"^__all__ = \[(.*?)\]", text, re.M | re.S)
        named = set(re.findall(r"\"(\w+)\"", public.group(1))) if public else None
        for match in re.finditer(r"^class (\w+)\(", text, re.M):
            name = match.group(1)
            if (named is None or name in named) and re.search(r"(Model|For[A-Z]\w*|Backbone|Encoder|Decoder)$", name):
                if not name.endswith("PreTrainedModel"):
                    found.append((name, path.relative_to(package)))
    return found


def pick_file(rng, package, modeling):
    """The file to mangle, relative to the package."""
    draw = rng.random()
    folder = package / modeling.parent
    if draw < 0.50:
        return modeling
    if draw < 0.70:
        configurations = sorted(folder.glob("configuration_*.py"))
        if configurations:
            return rng.choice(configurations).relative_to(package)
    if draw < 0.85:  # what the modeling file takes from other models
        text = (package / modeling).read_text(encoding="utf-8")
        others = []
        for dotted in sorted(set(re.findall(r"^from \.\.(\w+\.\w+) import", text, re.M))):
            path = pathlib.Path("models", *dotted.split(".")).with_suffix(".py")
            if (package / path).is_file():
                others.append(path)
        if others:
            return rng.choice(others)
    if draw < 0.88:
        return rng.choice(sorted(folder.glob("*.py"))).relative_to(package)
    return pathlib.Path(rng.choice([name for name in SHARED if (package / name).is_file()]))


def pick_line(rng, lines):
    """A line number: half of the time anywhere, else where constructors, imports and fields stand."""
    draw = rng.random()
    if draw < 0.4:
        starts = [i for i, line in enumerate(lines) if b"def __init__" in line or b"def __post_init__" in line]
        if starts:
            return min(rng.choice(starts) + int(rng.expovariate(1 / 12)), len(lines) - 1)
    if draw < 0.6:
        top = [i for i, line in enumerate(lines) if line[:1] not in (b" ", b"#", b"\n", b"", b")")]
        if top:
            return rng.choice(top)
    return rng.randrange(len(lines))


def mangle(rng, data):
    """(what was done, the bytes after it)."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return "nothing", data
    at = pick_line(rng, lines)
    start = sum(map(len, lines[:at]))
    draw = rng.random()
    span = 1 + min(int(rng.expovariate(1 / 6)), 80)
    if draw < 0.25:
        return f"line {at + 1} deleted", b"".join(lines[:at] + lines[at + 1:])
    if draw < 0.50:
        place = start + rng.randrange(len(lines[at]))
        byte = rng.choice(JUNK) if rng.random() < 0.8 else rng.randrange(256)
        return f"byte {place} (line {at + 1}) changed to {bytes([byte])!r}", data[:place] + bytes([byte]) + data[place + 1:]
    if draw < 0.60:
        place = start + (rng.randrange(len(lines[at])) if rng.random() < 0.5 else 0)
        return f"cut off at byte {place} (line {at + 1})", data[:place]
    if draw < 0.70:
        block = lines[at:at + span]
        to = pick_line(rng, lines) if rng.random() < 0.5 else at + span
        return f"lines {at + 1} to {at + span} again before line {to + 1}", b"".join(lines[:to] + block + lines[to:])
    if draw < 0.76:
        return f"lines {at + 1} to {at + span} deleted", b"".join(lines[:at] + lines[at + span:])
    if draw < 0.82:
        other = pick_line(rng, lines)
        lines[at], lines[other] = lines[other], lines[at]
        return f"lines {at + 1} and {other + 1} swapped", b"".join(lines)
    if draw < 0.88:
        place = start + rng.randrange(len(lines[at]))
        junk = bytes(rng.choice(JUNK) for _ in range(1 + int(rng.expovariate(1 / 2))))
        return f"{junk!r} inserted at byte {place} (line {at + 1})", data[:place] + junk + data[place:]
    if draw < 0.96:
        words = list(IDENTIFIER.finditer(lines[at]))
        if words:
            word, other = rng.choice(words), rng.choice(IDENTIFIER.findall(data))
            line = lines[at][:word.start()] + other + lines[at][word.end():]
            lines[at] = line
            return f"line {at + 1}: {word.group().decode()} is now {other.decode()}", b"".join(lines)
    if rng.random() < 0.5:
        lines[at] = b"    " + lines[at]
        return f"line {at + 1} indented", b"".join(lines)
    lines[at] = lines[at].removeprefix(b"    ")
    return f"line {at + 1} dedented", b"".join(lines)


class Case:
    """Number `number`: `data` in the place of `path` (relative to the package), while `model` is asked for."""

    def __init__(self, package, chosen, seed, number):
        rng = random.Random(f"{seed}:{number}")
        self.number = number
        self.model, modeling = chosen[number % len(chosen)]
        self.path = pick_file(rng, package, modeling)
        before = (package / self.path).read_bytes()
        self.how, self.data = mangle(rng, before)
        self.changed = self.data != before
        # A second fault in one case of ten.
        if rng.random() < 0.1:
            how, self.data = mangle(rng, self.data)
            self.how += "; " + how

    def __str__(self):
        return f"case {self.number}: {self.model}, {self.path}: {self.how}"


class Overlay:
    """A transformers package of links to the real one, in which one file at a time is another."""

    def __init__(self, folder, package):
        self.package = package
        self.root = pathlib.Path(folder)
        self.top = self.root / "transformers"
        self.top.mkdir()
        for entry in package.iterdir():
            if entry.name != "__pycache__":
                (self.top / entry.name).symlink_to(entry)
        self.changed = None

    def put(self, path, data):
        """Replaces the file at `path`; folders on the way become folders of links."""
        self.restore()
        self.changed = path
        folder = self.top
        for part in path.parts[:-1]:
            folder = folder / part
            if folder.is_symlink():
                real = folder.resolve()
                folder.unlink()
                folder.mkdir()
                for entry in real.iterdir():
                    if entry.name != "__pycache__":
                        (folder / entry.name).symlink_to(entry)
        target = self.top / path
        target.unlink()
        target.write_bytes(data)

    def restore(self):
        if self.changed:
            (self.top / self.changed).unlink()
            (self.top / self.changed).symlink_to(self.package / self.changed)
            self.changed = None
