# The standard library's collections.abc.  `__instancecheck__` is a classmethod here: see NATIVE.md.


class _Protocol:
    _needs = ()
    _types = ()

    @classmethod
    def __class_getitem__(cls, item):
        return cls

    @classmethod
    def __instancecheck__(cls, value):
        if isinstance(value, cls._types):
            return True
        if cls in type(value).__mro__:
            return True
        return len(cls._needs) > 0 and all(hasattr(type(value), name) for name in cls._needs)

    @classmethod
    def __subclasscheck__(cls, other):
        if cls in other.__mro__ or any(known in other.__mro__ for known in cls._types):
            return True
        return len(cls._needs) > 0 and all(hasattr(other, name) for name in cls._needs)

    @classmethod
    def register(cls, other):
        cls._types = (*cls._types, other)
        return other


class Hashable(_Protocol):
    _needs = ("__hash__",)


class Callable(_Protocol):
    @classmethod
    def __instancecheck__(cls, value):
        return callable(value)


class Iterable(_Protocol):
    _types = (list, tuple, dict, set, frozenset, str, range)
    _needs = ("__iter__",)


class Iterator(Iterable):
    _types = ()
    _needs = ("__iter__", "__next__")


class Generator(Iterator):
    pass


class Reversible(Iterable):
    _types = (list, tuple, dict, str, range)
    _needs = ("__iter__", "__reversed__")


class Sized(_Protocol):
    _types = (list, tuple, dict, set, frozenset, str, range)
    _needs = ("__len__",)


class Container(_Protocol):
    _types = (list, tuple, dict, set, frozenset, str, range)
    _needs = ("__contains__",)


class Collection(Sized, Iterable, Container):
    _needs = ("__len__", "__iter__", "__contains__")


class Sequence(Reversible, Collection):
    _types = (list, tuple, str, range)
    _needs = ()


class MutableSequence(Sequence):
    _types = (list,)


class Set(Collection):
    _types = (set, frozenset)
    _needs = ()


class MutableSet(Set):
    _types = (set,)


class Mapping(Collection):
    _types = (dict,)
    _needs = ()

    def get(self, key, default=None):
        try:
            return self[key]
        except KeyError:
            return default

    def __contains__(self, key):
        try:
            self[key]
        except KeyError:
            return False
        return True

    def keys(self):
        return list(self)

    def values(self):
        return [self[key] for key in self]

    def items(self):
        return [(key, self[key]) for key in self]


class MutableMapping(Mapping):
    _types = (dict,)

    def pop(self, key, *default):
        if key in self:
            value = self[key]
            del self[key]
            return value
        if default:
            return default[0]
        raise KeyError(key)

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def update(self, other=(), /, **kwargs):
        pairs = other.items() if hasattr(other, "items") else other
        for key, value in pairs:
            self[key] = value
        for key, value in kwargs.items():
            self[key] = value


class MappingView(Sized):
    _types = ()
    _needs = ()


class KeysView(MappingView):
    pass


class ItemsView(MappingView):
    pass


class ValuesView(MappingView):
    pass


class Awaitable(_Protocol):
    _needs = ("__await__",)


class Coroutine(Awaitable):
    pass


class AsyncIterable(_Protocol):
    _needs = ("__aiter__",)


class AsyncIterator(AsyncIterable):
    pass


class AsyncGenerator(AsyncIterator):
    pass


class ByteString(Sequence):
    _types = ()


class Buffer(_Protocol):
    _needs = ("__buffer__",)
