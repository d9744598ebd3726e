# huggingface_hub 2.4.0, dataclasses.py: is a value of the type that a field's annotation names?  Annotations are text here.
from __native__ import evaluate_annotation, import_module

_PARSED = {}


# Annotations of a module with `from __future__ import annotations` are text for real, and text is not checked.
def checks_types(module):
    return not hasattr(import_module(module), "annotations")


def check_type(name, value, text, module):
    _check(name, value, _parsed(text), module)


def _parsed(text):
    found = _PARSED.get(text)
    if found is None:
        found = _PARSED[text] = _parse(text)
    return found


# The parts of a text between separators that are in no bracket and no quotes.
def _split(text, separator):
    if "[" not in text and "'" not in text and '"' not in text:
        return [part.strip() for part in text.split(separator)]
    parts = [""]
    depth = 0
    quote = ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "[(":
            depth += 1
        elif letter in "])":
            depth -= 1
        elif letter == separator and depth == 0:
            parts.append("")
            continue
        parts[-1] += letter
    return [part.strip() for part in parts]


def _parse(text):
    text = text.strip()
    parts = _split(text, "|")
    if len(parts) > 1:
        return "union", [_parse(part) for part in parts], text
    if text[:1] in ("'", '"'):
        return "unchecked", [], text
    head, bracket, rest = text.partition("[")
    head = head.strip().split(".")[-1]
    if not bracket:
        return "name", [], text
    inner = _split(rest.rstrip()[:-1], ",")
    if head == "Literal":
        return "literal", [_literal(part) for part in inner], text
    if head == "Annotated":
        return _parse(inner[0])
    if head == "Union":
        return "union", [_parse(part) for part in inner], text
    if head == "Optional":
        return "union", [_parse(inner[0]), ("name", [], "None")], text
    kind = {"List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set"}.get(head, head)
    if kind in ("list", "dict", "tuple", "set", "Sequence"):
        return kind, [_parse(part) for part in inner], text
    return "unchecked", [], text


def _literal(text):
    if text[:1] in ("'", '"'):
        return text[1:-1]
    if text in ("True", "False", "None"):
        return {"True": True, "False": False, "None": None}[text]
    return int(text)


_BUILTIN = {"int": int, "str": str, "float": float, "bool": bool, "list": list, "dict": dict, "tuple": tuple, "set": set}


def _check(name, value, parsed, module):
    kind, parts, text = parsed
    if kind == "name":
        _check_name(name, value, text, module)
    elif kind == "union":
        _check_union(name, value, parts, module)
    elif kind == "literal":
        shown = tuple(parts)
        same = [part for part in parts if isinstance(part, bool) == isinstance(value, bool)]
        if value not in (same if isinstance(value, int) else parts):
            raise TypeError(f"Field '{name}' expected one of {shown}, got {value}")
    elif kind == "dict":
        _check_dict(name, value, parts, module)
    elif kind == "tuple":
        _check_tuple(name, value, parts, module)
    elif kind != "unchecked":
        _check_items(name, value, kind, parts[0], module)


def _check_name(name, value, text, module):
    if text == "Any":
        return
    if text == "None":
        if value is not None:
            raise TypeError(f"Field '{name}' expected NoneType, got {type(value).__name__} (value: {value!r})")
        return
    expected = _BUILTIN.get(text)
    if expected is None:
        expected = evaluate_annotation(text, module)
        if not isinstance(expected, type) or hasattr(expected, "__typing_form__"):
            return
        if hasattr(expected, "__total__"):
            raise TypeError("TypedDict does not support instance and class checks")
    if (expected is int and isinstance(value, bool)) or not isinstance(value, expected):
        raise TypeError(
            f"Field '{name}' expected {expected.__name__}, got {type(value).__name__} (value: {value!r})"
        )


def _check_union(name, value, parts, module):
    errors = []
    for part in parts:
        try:
            return _check(name, value, part, module)
        except TypeError as error:
            errors.append(str(error))
    shown = ", ".join(_shown(part, module) for part in parts)
    raise TypeError(
        f"Field '{name}' with value {value!r} doesn't match any type in ({shown}). Errors: {'; '.join(errors)}"
    )


def _shown(parsed, module):
    kind, _, text = parsed
    if kind == "literal":
        return "typing." + text.replace('"', "'")
    if kind != "name":
        return text.replace("Any", "typing.Any")
    if text == "None":
        return "<class 'NoneType'>"
    return f"<class '{text}'>" if text in _BUILTIN else repr(evaluate_annotation(text, module))


def _check_items(name, value, kind, item, module):
    expected = {"list": list, "set": set}.get(kind, (list, tuple, str, range))
    if not isinstance(value, expected):
        article = "a Sequence" if kind == "Sequence" else f"a {kind}"
        raise TypeError(f"Field '{name}' expected {article}, got {type(value).__name__}")
    for place, one in enumerate(value):
        try:
            _check(f"{name} item" if kind == "set" else f"{name}[{place}]", one, item, module)
        except TypeError as error:
            if kind == "set":
                raise TypeError(f"Invalid item in set '{name}'") from error
            raise TypeError(f"Invalid item at index {place} in {kind.lower()} '{name}'") from error


def _check_dict(name, value, parts, module):
    if not isinstance(value, dict):
        raise TypeError(f"Field '{name}' expected a dict, got {type(value).__name__}")
    for key, one in value.items():
        try:
            _check(f"{name}.key", key, parts[0], module)
            _check(f"{name}[{key!r}]", one, parts[1], module)
        except TypeError as error:
            raise TypeError(f"Invalid key or value in dict '{name}'") from error


def _check_tuple(name, value, parts, module):
    if not isinstance(value, tuple):
        raise TypeError(f"Field '{name}' expected a tuple, got {type(value).__name__}")
    if len(parts) == 2 and parts[1][2] == "...":
        parts = [parts[0]] * len(value)
    elif len(parts) != len(value):
        raise TypeError(f"Field '{name}' expected a tuple of length {len(parts)}, got {len(value)}")
    for place, one in enumerate(value):
        try:
            _check(f"{name}[{place}]", one, parts[place], module)
        except TypeError as error:
            raise TypeError(f"Invalid item at index {place} in tuple '{name}'") from error
