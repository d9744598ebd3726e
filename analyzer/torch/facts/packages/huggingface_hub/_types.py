# huggingface_hub 2.4.0, dataclasses.py: is a value of the type that a field's annotation names?
# Annotations are text here.
from __native__ import evaluate_annotation, import_module

_PARSED = {}


# Annotations of a module with `from __future__ import annotations` are text for real, and text is not checked.
def checks_types(module):
    return not hasattr(import_module(module), "annotations")


# What is wrong with the value, as huggingface_hub words it, or None.
def type_fault(name, value, text, module):
    return _fault(name, value, _parsed(text), module)


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


_BUILTIN = {
    "int": int,
    "str": str,
    "float": float,
    "bool": bool,
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
}


def _fault(name, value, parsed, module):
    kind, parts, text = parsed
    if kind == "name":
        return _name_fault(name, value, text, module)
    if kind == "union":
        return _union_fault(name, value, parts, module)
    if kind == "literal":
        return _literal_fault(name, value, parts)
    if kind == "dict":
        return _dict_fault(name, value, parts, module)
    if kind == "tuple":
        return _tuple_fault(name, value, parts, module)
    return None if kind == "unchecked" else _items_fault(name, value, kind, parts[0], module)


def _name_fault(name, value, text, module):
    if text == "Any":
        return None
    if text == "None":
        if value is None:
            return None
        return f"Field '{name}' expected NoneType, got {type(value).__name__} (value: {value!r})"
    expected = _BUILTIN.get(text)
    if expected is None:
        expected = evaluate_annotation(text, module)
        if not isinstance(expected, type) or hasattr(expected, "__typing_form__"):
            return None
        if hasattr(expected, "__total__"):
            return "TypedDict does not support instance and class checks"
    if isinstance(value, expected) and not (expected is int and isinstance(value, bool)):
        return None
    return f"Field '{name}' expected {expected.__name__}, got {type(value).__name__} (value: {value!r})"


def _union_fault(name, value, parts, module):
    faults = []
    for part in parts:
        fault = _fault(name, value, part, module)
        if fault is None:
            return None
        faults.append(fault)
    shown = ", ".join(_shown(part, module) for part in parts)
    return f"Field '{name}' with value {value!r} doesn't match any type in ({shown}). Errors: {'; '.join(faults)}"


def _shown(parsed, module):
    kind, _, text = parsed
    if kind == "literal":
        return "typing." + text.replace('"', "'")
    if kind != "name":
        return text.replace("Any", "typing.Any")
    if text == "None":
        return "<class 'NoneType'>"
    return f"<class '{text}'>" if text in _BUILTIN else repr(evaluate_annotation(text, module))


def _literal_fault(name, value, parts):
    same = parts
    if isinstance(value, int):
        same = [part for part in parts if isinstance(part, int) and isinstance(part, bool) == isinstance(value, bool)]
    return None if value in same else f"Field '{name}' expected one of {tuple(parts)}, got {value}"


def _items_fault(name, value, kind, item, module):
    expected = {"list": list, "set": set}.get(kind, (list, tuple, str, range))
    if not isinstance(value, expected):
        article = "a Sequence" if kind == "Sequence" else f"a {kind}"
        return f"Field '{name}' expected {article}, got {type(value).__name__}"
    for place, one in enumerate(value):
        if _fault(f"{name} item" if kind == "set" else f"{name}[{place}]", one, item, module) is not None:
            where = "" if kind == "set" else f" at index {place}"
            return f"Invalid item{where} in {kind.lower()} '{name}'"
    return None


def _dict_fault(name, value, parts, module):
    if not isinstance(value, dict):
        return f"Field '{name}' expected a dict, got {type(value).__name__}"
    for key, one in value.items():
        if (
            _fault(f"{name}.key", key, parts[0], module) is not None
            or _fault(f"{name}[{key!r}]", one, parts[1], module) is not None
        ):
            return f"Invalid key or value in dict '{name}'"
    return None


def _tuple_fault(name, value, parts, module):
    if not isinstance(value, tuple):
        return f"Field '{name}' expected a tuple, got {type(value).__name__}"
    if len(parts) == 2 and parts[1][2] == "...":
        parts = [parts[0]] * len(value)
    elif len(parts) != len(value):
        return f"Field '{name}' expected a tuple of length {len(parts)}, got {len(value)}"
    for place, one in enumerate(value):
        if _fault(f"{name}[{place}]", one, parts[place], module) is not None:
            return f"Invalid item at index {place} in tuple '{name}'"
    return None
