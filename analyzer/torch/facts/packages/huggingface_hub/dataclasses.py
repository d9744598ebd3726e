# huggingface_hub 2.4.0, dataclasses.py.
from dataclasses import MISSING, field, fields
from inspect import signature
from ._types import checks_types, type_fault
from .errors import (
    StrictDataclassClassValidationError, StrictDataclassDefinitionError, StrictDataclassFieldValidationError,
)


def strict(cls=None, *, accept_kwargs=False):
    def wrap(cls):
        return _strict(cls, accept_kwargs)

    return wrap if cls is None else _strict(cls, accept_kwargs)


def _strict(cls, accept_kwargs):
    if not hasattr(cls, "__dataclass_fields__"):
        raise StrictDataclassDefinitionError(f"Class '{cls.__name__}' must be a dataclass before applying @strict.")
    _note_checks(cls)
    if not hasattr(cls, "__checks_fields__"):
        _check_on_assignment(cls)
    if accept_kwargs:
        _accept_kwargs(cls)
    cls.__class_validators__ = _class_validators(cls)
    if hasattr(cls, "validate") and not hasattr(cls.validate, "__is_defined_by_strict_decorator__"):
        raise StrictDataclassDefinitionError(
            f"Class '{cls.__name__}' already implements a method called 'validate'."
            " This method name is reserved when using the @strict decorator on a dataclass."
            " If you want to keep your own method, please rename it."
        )

    def validate(self):
        for validator in cls.__class_validators__:
            try:
                validator(self)
            except (ValueError, TypeError) as error:
                raise StrictDataclassClassValidationError(validator=validator.__name__, cause=error) from error

    validate.__is_defined_by_strict_decorator__ = True
    cls.validate = validate
    original = cls.__init__

    def init_with_validate(self, *args, **kwargs):
        original(self, *args, **kwargs)
        cls.validate(self)

    init_with_validate.__wrapped__ = original
    init_with_validate.__name__ = "__init__"
    cls.__init__ = init_with_validate
    return cls


# The methods named validate_..., in the order of their names.
def _class_validators(cls):
    names = set()
    for base in cls.__mro__:
        for name in base.__dict__:
            if name.startswith("validate_"):
                names.add(name)
    found = []
    for name in sorted(names):
        method = getattr(cls, name)
        if not callable(method):
            continue
        if len(signature(method).parameters) != 1:
            raise StrictDataclassDefinitionError(
                f"Class '{cls.__name__}' has a class validator '{name}' that takes more than one argument."
                " Class validators must take only 'self' as an argument. Methods starting with 'validate_'"
                " are considered to be class validators."
            )
        found.append(method)
    return found


# What is checked of each field: name -> (value that needs no check, text of the type or None, module of the text,
# validators).  Defaults are of their type, or no model of the class could be made; only None is given all the same.
# The text of an inherited field is that of the class which declares it.
def _note_checks(cls):
    checks = dict(getattr(cls, "__field_checks__", {}))
    own = cls.__dict__.get("__annotations__", {})
    typed = checks_types(cls.__module__)
    for one in fields(cls):
        if one.name in own or one.name not in checks:
            found = one.metadata.get("validator", ())
            validators = found if isinstance(found, (list, tuple)) else [found]
            fine = MISSING if one.default is None and not _may_be_none(one.type) else one.default
            checks[one.name] = (fine, one.type if typed else None, cls.__module__, validators)
    cls.__field_checks__ = checks


def _may_be_none(text):
    return "None" in text or "Any" in text or "Optional" in text


def _check_on_assignment(cls):
    original = cls.__setattr__

    def checked(self, name, value):
        check = self.__field_checks__.get(name)
        if check is not None and value is not check[0]:
            _check(name, value, check)
        original(self, name, value)

    cls.__checks_fields__ = True
    cls.__setattr__ = checked


def _check(name, value, check):
    _, text, module, validators = check
    fault = None if text is None else type_fault(name, value, text, module)
    if fault is not None:
        raise StrictDataclassFieldValidationError(field=name, cause=TypeError(fault))
    for validator in validators:
        try:
            validator(value)
        except (ValueError, TypeError) as error:
            raise StrictDataclassFieldValidationError(field=name, cause=error) from error


def _accept_kwargs(cls):
    original = cls.__init__

    def __init__(self, *args, **kwargs):
        if len(args) > 0:
            raise ValueError(
                f"When `accept_kwargs=True`, {cls.__name__} accepts only keyword arguments, "
                f"but found `{len(args)}` positional args."
            )
        extra = dict(kwargs)
        for one in fields(cls):
            if one.name in extra:
                setattr(self, one.name, extra.pop(one.name))
            elif one.default is not MISSING:
                setattr(self, one.name, one.default)
            elif one.default_factory is not MISSING:
                setattr(self, one.name, one.default_factory())
            else:
                raise TypeError(f"Missing required field - '{one.name}'")
        self.__post_init__(**extra)

    __init__.__wrapped__ = original
    cls.__init__ = __init__
    if not hasattr(cls, "__post_init__"):
        cls.__post_init__ = _set_the_rest


def _set_the_rest(self, **kwargs):
    for name, value in kwargs.items():
        setattr(self, name, value)


def validated_field(validator, default=MISSING, default_factory=MISSING, metadata=None, **kwargs):
    metadata = {} if metadata is None else metadata
    metadata["validator"] = validator if isinstance(validator, list) else [validator]
    return field(default=default, default_factory=default_factory, metadata=metadata, **kwargs)


def as_validated_field(validator):
    def make(default=MISSING, default_factory=MISSING, metadata=None, **kwargs):
        return validated_field(
            validator, default=default, default_factory=default_factory, metadata=metadata, **kwargs
        )

    return make


def validate_typed_dict(schema, data):
    pass
