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


def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return cache(maxsize)
    return cache


# What it gave before it gives again, the very same object.
def cache(function):
    memo = {}

    def wrapper(*args, **kwargs):
        key = (args, tuple(kwargs.items())) if kwargs else args
        if key in memo:
            return memo[key]
        result = function(*args, **kwargs)
        memo[key] = result
        return result

    update_wrapper(wrapper, function)
    wrapper.cache_clear = memo.clear
    wrapper.cache_info = unknown
    return wrapper


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
