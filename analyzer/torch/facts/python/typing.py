# The standard library's typing: names that annotations use; nothing of them is needed when a model is built.
from collections.abc import (
    AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Container, Coroutine, Generator,
    Hashable, ItemsView, Iterable, Iterator, KeysView, Mapping, MappingView, MutableMapping, MutableSequence,
    MutableSet, Reversible, Sequence, Set as AbstractSet, Sized, ValuesView,
)
from collections import ChainMap, Counter, OrderedDict, defaultdict as DefaultDict, deque as Deque
from __native__ import evaluate_annotation, unknown

TYPE_CHECKING = False


class _Form:
    __typing_form__ = True

    @classmethod
    def __class_getitem__(cls, item):
        return cls

    def __getitem__(self, item):
        return self

    def __or__(self, other):
        return self

    def __ror__(self, other):
        return self


class Any(_Form):
    pass


class Union(_Form):
    pass


class Optional(_Form):
    pass


class Literal(_Form):
    pass


class ClassVar(_Form):
    pass


class Final(_Form):
    pass


class Annotated(_Form):
    pass


class Concatenate(_Form):
    pass


class NoReturn(_Form):
    pass


class Never(_Form):
    pass


class Self(_Form):
    pass


class LiteralString(_Form):
    pass


class TypeAlias(_Form):
    pass


class TypeGuard(_Form):
    pass


class TypeIs(_Form):
    pass


class Unpack(_Form):
    pass


class Required(_Form):
    pass


class NotRequired(_Form):
    pass


class ReadOnly(_Form):
    pass


class Generic:
    @classmethod
    def __class_getitem__(cls, item):
        return cls


class Protocol(Generic):
    pass


class SupportsFloat(Protocol):
    pass


class SupportsInt(Protocol):
    pass


class SupportsIndex(Protocol):
    pass


class Pattern(_Form):
    pass


class Match(_Form):
    pass


class IO(_Form):
    pass


class TextIO(_Form):
    pass


class BinaryIO(_Form):
    pass


class ForwardRef(_Form):
    def __init__(self, arg, *args, **kwargs):
        self.__forward_arg__ = arg


AnyStr = _Form()
Text = str
List = list
Dict = dict
Set = set
FrozenSet = frozenset
Tuple = tuple
Type = type


class TypedDict(dict):
    __total__ = True

    def __init_subclass__(cls, *args, **kwargs):
        pass


class NamedTuple(tuple):
    def __init_subclass__(cls):
        cls._fields = tuple(cls.__dict__.get("__annotations__", {}))
        cls.__match_args__ = cls._fields
        cls._field_defaults = {name: cls.__dict__[name] for name in cls._fields if name in cls.__dict__}
        for place, name in enumerate(cls._fields):
            setattr(cls, name, _column(place))

    def __new__(cls, *args, **kwargs):
        from collections import _row

        return tuple.__new__(cls, _row(cls, cls._fields, cls._field_defaults, args, kwargs))

    def _asdict(self):
        return dict(zip(self._fields, self))

    def _replace(self, **kwargs):
        return type(self)(**{**self._asdict(), **kwargs})


def _column(place):
    return property(lambda self: self[place])


def TypeVar(name, *args, **kwargs):
    return _Form()


def TypeVarTuple(name, **kwargs):
    return _Form()


def ParamSpec(name, **kwargs):
    return _Form()


def NewType(name, tp):
    return lambda value: value


def cast(typ, val):
    return val


def overload(function):
    return function


def final(value):
    return value


def override(value):
    return value


def no_type_check(value):
    return value


def runtime_checkable(cls):
    return cls


def dataclass_transform(*args, **kwargs):
    return final


def assert_type(value, typ):
    return value


def get_type_hints(value, *args, **kwargs):
    hints = {}
    for cls in reversed(getattr(value, "__mro__", (value,))):
        for name, text in cls.__dict__.get("__annotations__", {}).items():
            hints[name] = evaluate_annotation(text, cls.__module__)
    return hints


def get_origin(tp):
    return unknown("typing.get_origin")


def get_args(tp):
    return unknown("typing.get_args")


def __getattr__(name):
    return unknown(f"typing.{name}")
