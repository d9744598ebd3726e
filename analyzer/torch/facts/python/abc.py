# The standard library's abc.  Whether a class is abstract never matters to a model that is built.
abstractproperty = property


class ABCMeta(type):
    pass


class ABC:
    pass


def abstractmethod(function):
    return function


def abstractclassmethod(function):
    return classmethod(function)


def abstractstaticmethod(function):
    return staticmethod(function)
