# The standard library's functools.
from __native__ import cached_property, unknown

WRAPPER_ASSIGNMENTS = ("__module__", "__name__", "__qualname__", "__doc__", "__annotations__")
WRAPPER_UPDATES = ("__dict__",)
_nothing = object()


class partial:
    def __init__(self, func, /, *args, **keywords):
        if not callable(func):
            raise TypeError("the first argument must be callable")
        if isinstance(func, partial):
            args = func.args + args
            keywords = {**func.keywords, **keywords}
            func = func.func
        self.func = func
        self.args = args
        self.keywords = keywords

    def __call__(self, /, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})


class partialmethod:
    def __init__(self, func, /, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords

    def __get__(self, instance, owner=None):
        return partial(self.func, instance, *self.args, **self.keywords)


def update_wrapper(wrapper, wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    wrapper.__wrapped__ = wrapped
    name = getattr(wrapped, "__name__", None)
    if name is not None:
        wrapper.__name__ = name
    return wrapper


def wraps(wrapped, assigned=WRAPPER_ASSIGNMENTS, updated=WRAPPER_UPDATES):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped)

    return decorate


# A cache only saves time: what it would give again is computed again.
def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return maxsize
    return cache


def cache(function):
    return function


def total_ordering(cls):
    return cls


def cmp_to_key(function):
    return unknown("functools.cmp_to_key")


def reduce(function, iterable, initial=_nothing):
    result = initial
    for item in iterable:
        result = item if result is _nothing else function(result, item)
    if result is _nothing:
        raise TypeError("reduce() of empty iterable with no initial value")
    return result


def singledispatch(function):
    return unknown("functools.singledispatch")


def singledispatchmethod(function):
    return unknown("functools.singledispatchmethod")
