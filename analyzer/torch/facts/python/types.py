# The standard library's types.
from __native__ import bind_method, function_kind, unknown


class _Kind:
    _kinds = ()

    @classmethod
    def __instancecheck__(cls, value):
        return function_kind(value) in cls._kinds


class FunctionType(_Kind):
    _kinds = ("function",)


LambdaType = FunctionType


class BuiltinFunctionType(_Kind):
    _kinds = ("builtin",)


BuiltinMethodType = BuiltinFunctionType


class MethodType(_Kind):
    _kinds = ("method",)

    def __new__(cls, function, instance):
        return bind_method(function, instance)


class ModuleType(_Kind):
    _kinds = ("module",)


class GeneratorType(_Kind):
    pass


class TracebackType(_Kind):
    pass


class GenericAlias(_Kind):
    pass


class UnionType(_Kind):
    pass


NoneType = type(None)
EllipsisType = type(...)


class SimpleNamespace:
    def __init__(self, **kwargs):
        for name, value in kwargs.items():
            setattr(self, name, value)

    def __eq__(self, other):
        return isinstance(other, SimpleNamespace) and self.__dict__ == other.__dict__


def MappingProxyType(mapping):
    return mapping


def DynamicClassAttribute(function):
    return property(function)


def new_class(name, bases=(), kwds=None, exec_body=None):
    namespace = {}
    if exec_body is not None:
        exec_body(namespace)
    return type(name, bases, namespace)


def __getattr__(name):
    return unknown(f"types.{name}")
