# The standard library's operator.
from __native__ import unknown


def add(a, b):
    return a + b


def sub(a, b):
    return a - b


def mul(a, b):
    return a * b


def truediv(a, b):
    return a / b


def floordiv(a, b):
    return a // b


def mod(a, b):
    return a % b


def pow(a, b):
    return a**b


def neg(a):
    return -a


def not_(a):
    return not a


def and_(a, b):
    return a & b


def or_(a, b):
    return a | b


def xor(a, b):
    return a ^ b


def eq(a, b):
    return a == b


def ne(a, b):
    return a != b


def lt(a, b):
    return a < b


def le(a, b):
    return a <= b


def gt(a, b):
    return a > b


def ge(a, b):
    return a >= b


def is_(a, b):
    return a is b


def contains(a, b):
    return b in a


def getitem(a, b):
    return a[b]


def index(a):
    if not isinstance(a, int):
        raise TypeError(f"'{type(a).__name__}' object cannot be interpreted as an integer")
    return a


__add__ = concat = add
__sub__ = sub
__mul__ = mul


def attrgetter(*names):
    def get_one(value, name):
        for part in name.split("."):
            value = getattr(value, part)
        return value

    if len(names) == 1:
        return lambda value: get_one(value, names[0])
    return lambda value: tuple(get_one(value, name) for name in names)


def itemgetter(*items):
    if len(items) == 1:
        return lambda value: value[items[0]]
    return lambda value: tuple(value[item] for item in items)


def methodcaller(name, /, *args, **kwargs):
    return lambda value: getattr(value, name)(*args, **kwargs)


def __getattr__(name):
    return unknown(f"operator.{name}")
