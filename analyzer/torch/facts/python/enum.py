# The standard library's enum (Python 3.11).  Members are made when the class is, by __init_subclass__; calling a class
# finds a member.
from __native__ import unknown


class auto:
    pass


def unique(cls):
    return cls


class EnumMeta(type):
    def __iter__(cls):
        return iter([cls._member_map_[name] for name in cls._member_names_])

    def __len__(cls):
        return len(cls._member_names_)

    def __getitem__(cls, name):
        return cls._member_map_[name]

    def __contains__(cls, value):
        return any(member is value or member._value_ == value for member in cls._member_map_.values())

    def __bool__(cls):
        return True


EnumType = EnumMeta


class Enum(metaclass=EnumMeta):
    _member_map_ = {}
    _member_names_ = []

    def __init_subclass__(cls, **kwargs):
        _own_text(cls)
        members = dict(getattr(cls, "_member_map_", {}))
        number = 0
        for name, value in list(cls.__dict__.items()):
            if name.startswith("_") or _is_descriptor(value):
                continue
            number += 1
            if isinstance(value, auto):
                value = cls._generate_next_value_(name, 1, number - 1, [one._value_ for one in members.values()])
            elif isinstance(value, int) and not isinstance(value, bool):
                number = value
            same = [one for one in members.values() if one._value_ == value]
            member = same[0] if same else _make_member(cls, name, value)
            members[name] = member
            setattr(cls, name, member)
        cls.__new__ = staticmethod(_find_member)  # before that of a str or int that is mixed in
        cls._member_map_ = members
        cls._member_names_ = [name for name, one in members.items() if one._name_ == name]
        cls.__members__ = members

    def __init__(self, *args):
        pass

    @classmethod
    def _missing_(cls, value):
        return None

    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        whole = [value for value in last_values if isinstance(value, int)]
        return max(whole) + 1 if whole else start

    def __new__(cls, *args, **kwargs):
        return unknown("an enum that is made by a call")

    @property
    def name(self):
        return self._name_

    @property
    def value(self):
        return self._value_

    def __repr__(self):
        return f"<{self.__class__.__name__}.{self._name_}: {self._value_!r}>"

    def __str__(self):
        return f"{self.__class__.__name__}.{self._name_}"

    def __format__(self, spec):
        return format(str(self), spec)

    def __hash__(self):
        return hash(self._name_)


# What is mixed in (str, int) has a repr of its own, which an enum does not take.
def _own_text(cls):
    for name in ("__repr__", "__str__", "__format__"):
        plain = [getattr(one, name, None) for one in (object, str, int, float)]
        if name not in cls.__dict__ and getattr(cls, name, None) in plain:
            setattr(cls, name, getattr(cls.__bases__[-1], name))


def _find_member(cls, value, *more, **named):
    if not cls._member_map_ or more or named:
        return unknown("an enum that is made by a call")
    for member in cls._member_map_.values():
        if member is value or member._value_ == value:
            return member
    found = cls._missing_(value)
    if found is None:
        raise ValueError(f"{value!r} is not a valid {cls.__qualname__}")
    return found


def _is_descriptor(value):
    descriptors = (property, staticmethod, classmethod)
    return callable(value) or isinstance(value, descriptors) or hasattr(type(value), "__get__")


def _make_member(cls, name, value):
    if "__new__" in cls.__dict__:
        return unknown("a member of an enum with a __new__ of its own")
    if issubclass(cls, str):
        member = str.__new__(cls, value)
    elif issubclass(cls, int):
        member = int.__new__(cls, value)
    else:
        member = object.__new__(cls)
    member._name_ = name
    member._value_ = value
    if cls.__init__ is not Enum.__init__:
        arguments = value if isinstance(value, tuple) else (value,)
        member.__init__(*arguments)
    return member


class IntEnum(int, Enum):
    def __str__(self):
        return str(self._value_)

    def __format__(self, spec):
        return format(self._value_, spec)


class StrEnum(str, Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    def __str__(self):
        return self._value_


Flag = unknown("enum.Flag")
IntFlag = unknown("enum.IntFlag")


def __getattr__(name):
    return unknown(f"enum.{name}")
