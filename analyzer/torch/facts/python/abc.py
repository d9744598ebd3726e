# The standard library's abc.  A class that still has abstract methods cannot be instantiated: where ABCMeta is its
# metaclass, the evaluator looks for __isabstractmethod__ (NATIVE.md).


class ABCMeta(type):
    pass


class ABC(metaclass=ABCMeta):
    pass


def abstractmethod(function):
    function.__isabstractmethod__ = True
    return function


def abstractproperty(function):
    return property(abstractmethod(function))


def abstractclassmethod(function):
    return classmethod(abstractmethod(function))


def abstractstaticmethod(function):
    return staticmethod(abstractmethod(function))
