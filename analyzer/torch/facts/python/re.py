# The standard library's re, over the native matcher: see NATIVE.md.
from __native__ import regex_find, unknown

IGNORECASE = I = 2
MULTILINE = M = 8
DOTALL = S = 16
VERBOSE = X = 64
ASCII = A = 256
UNICODE = U = 32


class error(Exception):
    pass


class Match:
    def __init__(self, string, spans, names):
        self.string = string
        self._spans = spans
        self._names = {name: names[name] for name in sorted(names, key=lambda name: names[name])}

    def _number(self, group):
        if isinstance(group, str):
            if group not in self._names:
                raise IndexError("no such group")
            return self._names[group]
        if not 0 <= group < len(self._spans):
            raise IndexError("no such group")
        return group

    def span(self, group=0):
        return self._spans[self._number(group)]

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    def _text(self, group, default=None):
        start, end = self._spans[self._number(group)]
        return default if start < 0 else self.string[start:end]

    def group(self, *groups):
        if not groups:
            return self._text(0)
        if len(groups) == 1:
            return self._text(groups[0])
        return tuple(self._text(group) for group in groups)

    def __getitem__(self, group):
        return self._text(group)

    def groups(self, default=None):
        return tuple(self._text(number, default) for number in range(1, len(self._spans)))

    def groupdict(self, default=None):
        return {name: self._text(number, default) for name, number in self._names.items()}


class Pattern:
    def __init__(self, pattern, flags):
        self.pattern = pattern
        self.flags = flags

    def _find(self, string, start, how):
        found = regex_find(self.pattern, string, start, how, self.flags)
        return None if found is None else Match(string, found[0], found[1])

    def search(self, string, pos=0):
        return self._find(string, pos, "search")

    def match(self, string, pos=0):
        return self._find(string, pos, "match")

    def fullmatch(self, string, pos=0):
        return self._find(string, pos, "fullmatch")

    def finditer(self, string):
        found = []
        place = 0
        while place <= len(string):
            match = self.search(string, place)
            if match is None:
                break
            found.append(match)
            place = match.end() if match.end() > match.start() else match.end() + 1
        return iter(found)

    def findall(self, string):
        texts = []
        for match in self.finditer(string):
            groups = match.groups("")
            texts.append(match.group() if not groups else groups[0] if len(groups) == 1 else groups)
        return texts

    def split(self, string, maxsplit=0):
        parts = []
        place = 0
        for match in self.finditer(string):
            if maxsplit and len(parts) >= maxsplit:
                break
            parts.append(string[place:match.start()])
            parts.extend(match.groups())
            place = match.end()
        parts.append(string[place:])
        return parts

    def subn(self, repl, string, count=0):
        parts = []
        place = 0
        done = 0
        for match in self.finditer(string):
            if count and done >= count:
                break
            parts.append(string[place:match.start()])
            parts.append(repl(match) if callable(repl) else _filled(repl, match))
            place = match.end()
            done += 1
        parts.append(string[place:])
        return "".join(parts), done

    def sub(self, repl, string, count=0):
        return self.subn(repl, string, count)[0]


def _filled(template, match):
    if "\\" not in template:
        return template
    text = ""
    place = 0
    while place < len(template):
        if template[place] != "\\" or place + 1 == len(template):
            text += template[place]
            place += 1
            continue
        mark = template[place + 1]
        if mark.isdigit():
            text += match.group(int(mark)) or ""
            place += 2
        elif mark == "g" and template[place + 2:place + 3] == "<":
            end = template.index(">", place)
            name = template[place + 3:end]
            text += match.group(int(name) if name.isdigit() else name) or ""
            place = end + 1
        else:
            text += {"n": "\n", "t": "\t", "r": "\r"}.get(mark, mark)
            place += 2
    return text


def compile(pattern, flags=0):
    return pattern if isinstance(pattern, Pattern) else Pattern(pattern, flags)


def search(pattern, string, flags=0):
    return compile(pattern, flags).search(string)


def match(pattern, string, flags=0):
    return compile(pattern, flags).match(string)


def fullmatch(pattern, string, flags=0):
    return compile(pattern, flags).fullmatch(string)


def findall(pattern, string, flags=0):
    return compile(pattern, flags).findall(string)


def finditer(pattern, string, flags=0):
    return compile(pattern, flags).finditer(string)


def split(pattern, string, maxsplit=0, flags=0):
    return compile(pattern, flags).split(string, maxsplit)


def sub(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).sub(repl, string, count)


def subn(pattern, repl, string, count=0, flags=0):
    return compile(pattern, flags).subn(repl, string, count)


def escape(pattern):
    return "".join(letter if letter.isalnum() or letter == "_" else "\\" + letter for letter in pattern)


def __getattr__(name):
    return unknown(f"re.{name}")
