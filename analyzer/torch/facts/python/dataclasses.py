# The standard library's dataclasses.  Annotations are the text in the source: cls.__annotations__ maps names to it.
from __native__ import deepcopy, unknown


class _Missing:
    def __repr__(self):
        return "<dataclasses._MISSING_TYPE object>"


MISSING = _Missing()


class KW_ONLY:
    pass


class InitVar:
    @classmethod
    def __class_getitem__(cls, item):
        return cls


class FrozenInstanceError(AttributeError):
    pass


class Field:
    def __init__(self, default, default_factory, init, repr, hash, compare, metadata, kw_only):
        self.name = None
        self.type = None
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.hash = hash
        self.compare = compare
        self.metadata = {} if metadata is None else metadata
        self.kw_only = kw_only
        self._field_type = "field"


def field(
    *, default=MISSING, default_factory=MISSING, init=True, repr=True, hash=None, compare=True, metadata=None,
    kw_only=MISSING, doc=None,
):
    if default is not MISSING and default_factory is not MISSING:
        raise ValueError("cannot specify both default and default_factory")
    return Field(default, default_factory, init, repr, hash, compare, metadata, kw_only)


class _Params:
    def __init__(self, init, repr, eq, order, unsafe_hash, frozen):
        self.init = init
        self.repr = repr
        self.eq = eq
        self.order = order
        self.unsafe_hash = unsafe_hash
        self.frozen = frozen


def dataclass(
    cls=None, /, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True,
    kw_only=False, slots=False, weakref_slot=False,
):
    def wrap(cls):
        return _process(cls, _Params(init, repr, eq, order, unsafe_hash, frozen), kw_only, match_args)

    return wrap if cls is None else wrap(cls)


def _is_form(text, name):
    text = text.strip("'\"")
    return text.startswith((name, "typing." + name, "t." + name, "dataclasses." + name))


def _process(cls, params, kw_only, match_args):
    fields = {}
    for base in reversed(cls.__mro__[1:]):
        inherited = base.__dict__.get("__dataclass_fields__")
        if inherited is not None:
            fields.update(inherited)
    for name, text in cls.__dict__.get("__annotations__", {}).items():
        if _is_form(text, "KW_ONLY"):
            kw_only = True
            continue
        default = getattr(cls, name, MISSING)
        one = default if isinstance(default, Field) else Field(default, MISSING, True, True, None, True, None, MISSING)
        one.name = name
        one.type = text
        if _is_form(text, "ClassVar"):
            one._field_type = "classvar"
        elif _is_form(text, "InitVar"):
            one._field_type = "initvar"
        if one.kw_only is MISSING:
            one.kw_only = kw_only
        if one._field_type == "field" and isinstance(one.default, (list, dict, set)):
            raise ValueError(
                f"mutable default {type(one.default)} for field {name} is not allowed: use default_factory"
            )
        fields[name] = one
        if default is one:
            if one.default is MISSING:
                delattr(cls, name)
            else:
                setattr(cls, name, one.default)
    for base in cls.__mro__[1:]:
        inherited = base.__dict__.get("__dataclass_params__")
        if inherited is not None and inherited.frozen != params.frozen:
            if params.frozen:
                raise TypeError("cannot inherit frozen dataclass from a non-frozen one")
            raise TypeError("cannot inherit non-frozen dataclass from a frozen one")
    cls.__dataclass_fields__ = fields
    cls.__dataclass_params__ = params
    if params.init and "__init__" not in cls.__dict__:
        cls.__init__ = _make_init(cls, [one for one in fields.values() if one._field_type != "classvar"])
    if match_args and "__match_args__" not in cls.__dict__:
        cls.__match_args__ = _match_args
    if params.eq and "__eq__" not in cls.__dict__:
        cls.__eq__ = _equal
    if params.eq and "__hash__" not in cls.__dict__:
        cls.__hash__ = _hash if params.frozen or params.unsafe_hash else None
    if params.order:
        cls.__lt__ = _less
        cls.__le__ = _less_or_equal
        cls.__gt__ = _greater
        cls.__ge__ = _greater_or_equal
    if params.frozen:
        _freeze(cls, fields)
    return cls


# Made when a pattern asks for it.
class _MatchArgs:
    def __get__(self, instance, cls):
        fields = cls.__dataclass_fields__.values()
        return tuple(one.name for one in fields if one._field_type != "classvar" and one.init and not one.kw_only)


_match_args = _MatchArgs()


def _freeze(cls, fields):
    def __setattr__(self, name, value):
        if type(self) is cls or name in fields:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in fields:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    cls.__setattr__ = __setattr__
    cls.__delattr__ = __delattr__


def _make_init(cls, fields):
    positional = [one for one in fields if one.init and not one.kw_only]
    seen_default = None
    for one in positional:
        if one.default is not MISSING or one.default_factory is not MISSING:
            seen_default = one
        elif seen_default is not None:
            raise TypeError(f"non-default argument '{one.name}' follows default argument")

    def __init__(self, *args, **kwargs):
        if len(args) > len(positional):
            plural = "s" if positional else ""
            raise TypeError(
                f"{cls.__qualname__}.__init__() takes {len(positional) + 1} positional argument{plural} "
                f"but {len(args) + 1} were given"
            )
        given = {}
        for one, value in zip(positional, args):
            given[one.name] = value
        names = [one.name for one in fields if one.init]
        for name, value in kwargs.items():
            if name not in names:
                raise TypeError(f"{cls.__qualname__}.__init__() got an unexpected keyword argument '{name}'")
            if name in given:
                raise TypeError(f"{cls.__qualname__}.__init__() got multiple values for argument '{name}'")
            given[name] = value
        extra = []
        missing = []
        for one in fields:
            if one.name in given:
                value = given[one.name]
            elif one.default is not MISSING:
                value = one.default
            elif one.default_factory is not MISSING:
                value = one.default_factory()
            else:
                if one.init:
                    missing.append(one.name)
                continue
            if one._field_type == "initvar":
                extra.append(value)
            else:
                object.__setattr__(self, one.name, value) if cls.__dataclass_params__.frozen else setattr(
                    self, one.name, value
                )
        if missing:
            _raise_missing(cls, missing)
        if hasattr(self, "__post_init__"):
            self.__post_init__(*extra)

    __init__.__dataclass_parameters__ = fields
    return __init__


def _raise_missing(cls, missing):
    plural = "" if len(missing) == 1 else "s"
    listed = [repr(name) for name in missing]
    text = listed[0] if len(listed) == 1 else ", ".join(listed[:-1]) + (
        "" if len(listed) == 2 else ","
    ) + " and " + listed[-1]
    raise TypeError(
        f"{cls.__qualname__}.__init__() missing {len(missing)} required positional argument{plural}: {text}"
    )


def _equal(self, other):
    if other.__class__ is not self.__class__:
        return NotImplemented
    return all(getattr(self, one.name) == getattr(other, one.name) for one in fields(self) if one.compare)


def _hash(self):
    return unknown("a hash differs from run to run")


def _compared(self):
    return tuple(getattr(self, one.name) for one in fields(self) if one.compare)


def _less(self, other):
    return _compared(self) < _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _less_or_equal(self, other):
    return _compared(self) <= _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _greater(self, other):
    return _compared(self) > _compared(other) if other.__class__ is self.__class__ else NotImplemented


def _greater_or_equal(self, other):
    return _compared(self) >= _compared(other) if other.__class__ is self.__class__ else NotImplemented


def fields(class_or_instance):
    table = getattr(class_or_instance, "__dataclass_fields__", None)
    if table is None:
        raise TypeError("must be called with a dataclass type or instance")
    return tuple(one for one in table.values() if one._field_type == "field")


def is_dataclass(value):
    return hasattr(value if isinstance(value, type) else type(value), "__dataclass_fields__")


def asdict(instance, *, dict_factory=dict):
    return dict_factory([(one.name, _plain(getattr(instance, one.name), dict_factory)) for one in fields(instance)])


def _plain(value, dict_factory):
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value, dict_factory=dict_factory)
    if isinstance(value, (list, tuple)):
        return type(value)([_plain(item, dict_factory) for item in value])
    if isinstance(value, dict):
        return {key: _plain(item, dict_factory) for key, item in value.items()}
    return deepcopy(value)


def astuple(instance, *, tuple_factory=tuple):
    return tuple_factory([getattr(instance, one.name) for one in fields(instance)])


def replace(instance, /, **changes):
    for one in fields(instance):
        if one.init and one.name not in changes:
            changes[one.name] = getattr(instance, one.name)
    return instance.__class__(**changes)


def make_dataclass(*args, **kwargs):
    return unknown("dataclasses.make_dataclass")
