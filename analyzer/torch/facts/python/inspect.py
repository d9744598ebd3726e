# The standard library's inspect.
from __native__ import evaluate_annotation, function_kind, resolve_signature, unknown
from dataclasses import MISSING


class _Empty:
    pass


class Parameter:
    empty = _Empty
    POSITIONAL_ONLY = 0
    POSITIONAL_OR_KEYWORD = 1
    VAR_POSITIONAL = 2
    KEYWORD_ONLY = 3
    VAR_KEYWORD = 4

    def __init__(self, name, kind, *, default=_Empty, annotation=_Empty):
        self.name = name
        self.kind = kind
        self.default = default
        self.annotation = annotation


class Signature:
    empty = _Empty

    def __init__(self, parameters=None, *, return_annotation=_Empty):
        self.parameters = {one.name: one for one in parameters or ()}
        self.return_annotation = return_annotation

    @classmethod
    def from_callable(cls, value, **kwargs):
        return signature(value)


def signature(value, **kwargs):
    bound = function_kind(value) == "method"
    if isinstance(value, type):
        value = value.__init__
        bound = True
    while True:
        fields = getattr(value, "__dataclass_parameters__", None)
        if fields is not None:
            return _of_fields(fields, bound)
        inner = getattr(value, "__wrapped__", None)
        if inner is None:
            break
        value = inner
    rows = resolve_signature(value)
    parameters = [
        Parameter(name, kind, default=default if has_default else _Empty) for name, kind, has_default, default in rows
    ]
    return Signature(parameters[1:] if bound and parameters and parameters[0].kind < 2 else parameters)


def _of_fields(fields, bound):
    parameters = [] if bound else [Parameter("self", 1)]
    for kind in (1, 3):
        for one in fields:
            if one.init and (3 if one.kw_only is True else 1) == kind:
                default = one.default
                if default is MISSING:
                    default = _Empty if one.default_factory is MISSING else unknown("a default factory")
                parameters.append(Parameter(one.name, kind, default=default))
    return Signature(parameters)


class FullArgSpec:
    def __init__(self, args, varargs, varkw, defaults, kwonlyargs):
        self.args = args
        self.varargs = varargs
        self.varkw = varkw
        self.defaults = defaults
        self.kwonlyargs = kwonlyargs


def getfullargspec(value):
    rows = resolve_signature(value)
    args = [name for name, kind, _, _ in rows if kind < 2]
    varargs = [name for name, kind, _, _ in rows if kind == 2]
    varkw = [name for name, kind, _, _ in rows if kind == 4]
    return FullArgSpec(
        args, varargs[0] if varargs else None, varkw[0] if varkw else None,
        tuple(default for _, kind, has, default in rows if kind < 2 and has),
        [name for name, kind, _, _ in rows if kind == 3],
    )


def isclass(value):
    return isinstance(value, type)


def isfunction(value):
    return function_kind(value) == "function"


def ismethod(value):
    return function_kind(value) == "method"


def isbuiltin(value):
    return function_kind(value) == "builtin"


def isroutine(value):
    return function_kind(value) is not None


def ismodule(value):
    return function_kind(value) == "module"


def isgenerator(value):
    return False


def isabstract(value):
    return False


def getmro(cls):
    return cls.__mro__


def getdoc(value):
    return unknown("a docstring")


def cleandoc(text):
    return unknown("a docstring")


def unwrap(function, *, stop=None):
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


def get_annotations(value, **kwargs):
    texts = value.__dict__.get("__annotations__", {})
    return {name: evaluate_annotation(text, value.__module__) for name, text in texts.items()}


def __getattr__(name):
    return unknown(f"inspect.{name}")
