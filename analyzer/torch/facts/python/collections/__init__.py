# The standard library's collections.
from . import abc


class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
            return
        rest = list(self.items())
        self.clear()
        self[key] = value
        self.update(rest)

    def popitem(self, last=True):
        if not self:
            raise KeyError("dictionary is empty")
        key = list(self.keys())[-1 if last else 0]
        return key, self.pop(key)


class defaultdict(dict):
    def __init__(self, default_factory=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.default_factory = default_factory

    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value


class Counter(dict):
    def __init__(self, iterable=None, **counts):
        super().__init__()
        self.update(iterable, **counts)

    def __missing__(self, key):
        return 0

    def update(self, iterable=None, **counts):
        if iterable is not None and hasattr(iterable, "items"):
            for key, count in iterable.items():
                self[key] = self[key] + count
        elif iterable is not None:
            for key in iterable:
                self[key] = self[key] + 1
        for key, count in counts.items():
            self[key] = self[key] + count

    def most_common(self, n=None):
        pairs = sorted(self.items(), key=lambda pair: -pair[1])
        return pairs if n is None else pairs[:n]

    def elements(self):
        return [key for key, count in self.items() for _ in range(count)]


class deque(list):
    def __init__(self, iterable=(), maxlen=None):
        super().__init__()
        self.maxlen = maxlen
        for value in iterable:
            self.append(value)

    def append(self, value):
        super().append(value)
        if self.maxlen is not None and len(self) > self.maxlen:
            self.pop(0)

    def appendleft(self, value):
        super().insert(0, value)
        if self.maxlen is not None and len(self) > self.maxlen:
            self.pop()

    def insert(self, index, value):
        if self.maxlen is not None and len(self) >= self.maxlen:
            raise IndexError("deque already at its maximum size")
        super().insert(index, value)

    def popleft(self):
        if not self:
            raise IndexError("pop from an empty deque")
        return self.pop(0)

    def extend(self, values):
        for value in list(values):
            self.append(value)

    def extendleft(self, values):
        for value in list(values):
            self.appendleft(value)

    def __iadd__(self, values):
        self.extend(values)
        return self

    def rotate(self, n=1):
        for _ in range(n % len(self) if self else 0):
            self.appendleft(self.pop())


class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]

    def __getitem__(self, key):
        for mapping in self.maps:
            if key in mapping:
                return mapping[key]
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self else default

    def __contains__(self, key):
        return any(key in mapping for mapping in self.maps)

    def __setitem__(self, key, value):
        self.maps[0][key] = value


class UserDict:
    def __init__(self, dict=None, /, **kwargs):
        self.data = {}
        if dict is not None:
            self.update(dict)
        self.update(kwargs)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, key):
        return self.data[key]

    def __setitem__(self, key, item):
        self.data[key] = item

    def __delitem__(self, key):
        del self.data[key]

    def __iter__(self):
        return iter(self.data)

    def __contains__(self, key):
        return key in self.data

    def get(self, key, default=None):
        return self[key] if key in self else default

    def keys(self):
        return self.data.keys()

    def values(self):
        return self.data.values()

    def items(self):
        return self.data.items()

    def update(self, other=(), /, **kwargs):
        if hasattr(other, "keys"):
            for key in other.keys():
                self[key] = other[key]
        else:
            for key, value in other:
                self[key] = value
        for key, value in kwargs.items():
            self[key] = value

    def pop(self, key, *default):
        return self.data.pop(key, *default)

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]


class UserList(list):
    pass


class UserString(str):
    pass


def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(",", " ").split()
    names = tuple(field_names)
    defaults = tuple(defaults) if defaults is not None else ()
    known = dict(zip(names[len(names) - len(defaults):], defaults))

    class Row(tuple):
        _fields = names
        __match_args__ = names
        _field_defaults = known

        def __new__(cls, *args, **kwargs):
            return tuple.__new__(cls, _row(cls, names, known, args, kwargs))

        @classmethod
        def _make(cls, iterable):
            return cls(*iterable)

        def _asdict(self):
            return dict(zip(names, self))

        def _replace(self, **kwargs):
            return type(self)(**{**self._asdict(), **kwargs})

    Row.__name__ = typename
    Row.__qualname__ = typename
    for place, name in enumerate(names):
        setattr(Row, name, _column(place))
    return Row


def _column(place):
    return property(lambda self: self[place])


def _row(cls, names, defaults, args, kwargs):
    if len(args) > len(names):
        raise TypeError(
            f"{cls.__name__}.__new__() takes {len(names) + 1} positional arguments but {len(args) + 1} were given"
        )
    values = dict(zip(names, args))
    for name, value in kwargs.items():
        if name not in names:
            raise TypeError(f"{cls.__name__}.__new__() got an unexpected keyword argument '{name}'")
        if name in values:
            raise TypeError(f"{cls.__name__}.__new__() got multiple values for argument '{name}'")
        values[name] = value
    missing = [name for name in names if name not in values and name not in defaults]
    if missing:
        listed = " and ".join(repr(name) for name in missing)
        plural = "" if len(missing) == 1 else "s"
        raise TypeError(
            f"{cls.__name__}.__new__() missing {len(missing)} required positional argument{plural}: {listed}"
        )
    return [values[name] if name in values else defaults[name] for name in names]
