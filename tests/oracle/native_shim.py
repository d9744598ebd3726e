"""`__native__` in Python, for running the fact files (analyzer/torch/facts) in CPython and comparing with real torch.

A developer's tool: leaflint itself has all of this in C (analyzer/torch/NATIVE.md says what each name means).
"""

import builtins
import copy
import functools
import inspect
import math
import re
import types

from native_making import (
    Buffer,
    Parameter,
    UninitializedBuffer,
    UninitializedParameter,
    UninitializedTensorMixin,
    tensor_arange,
    tensor_cat,
    tensor_full,
    tensor_linspace,
    tensor_stack,
)
from native_module import Module
from native_tensor import Tensor, shape_of, tensor_empty, tensor_from, tensor_legacy, tensor_unknown
from native_unknown import Unknown, guesses, shared, unknown, unknown_plain

environment_values = {"attn": None, "torch_version": "2.13.0", "transformers_version": ""}
available_packages = {"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers", "packaging"}


def environment(key):
    return environment_values[key]


def package_available(name):
    return name.split(".")[0] in available_packages


def import_module(dotted):
    return shared.importer.import_module(dotted)


def from_source(module, name):
    return shared.importer.from_source(module, name)


def evaluate_annotation(text, module):
    value = shared.importer.evaluate(text, module)
    return shared.importer.evaluate(value, module) if isinstance(value, str) else value


deepcopy = copy.deepcopy


def ignored(*args, **kwargs):
    pass


def is_known(value):
    return not isinstance(value, Unknown)


def all_modules_known(module):
    return not any(isinstance(one, Unknown) for one in module.modules())


def with_known_modules(function, *args):
    return function(*args)


def shallow_copy(value):
    return copy.copy(value)


def builtin(name):
    return getattr(builtins, name)


def bind_method(function, instance):
    return types.MethodType(function, instance)


cached_property = functools.cached_property


def function_kind(value):
    if isinstance(value, types.FunctionType):
        return "function"
    if isinstance(value, types.MethodType):
        return "method"
    if isinstance(value, (types.BuiltinFunctionType, types.WrapperDescriptorType, types.MethodDescriptorType)):
        return "builtin"
    return "module" if isinstance(value, types.ModuleType) else None


def resolve_signature(function):
    function = getattr(function, "__func__", function)
    rows = []
    for one in inspect.signature(function, follow_wrapped=False).parameters.values():
        has_default = one.default is not inspect.Parameter.empty
        rows.append((one.name, int(one.kind), has_default, one.default if has_default else None))
    return rows


class generator_context:
    def __init__(self, function, args, kwargs):
        self._generator = function(*args, **kwargs)

    def __enter__(self):
        return next(self._generator)

    def __exit__(self, kind, value, traceback):
        if kind is not None:
            self._generator.close()
            return False
        for _ in self._generator:
            break
        return False

    def __call__(self, function):
        return function


def regex_find(pattern, text, start, how, flags):
    compiled = re.compile(pattern, flags & ~32)
    found = getattr(compiled, how)(text, start)
    if found is None:
        return None
    return [found.span(number) for number in range(compiled.groups + 1)], dict(compiled.groupindex)


math_sqrt, math_ceil, math_floor, math_log, math_log2 = math.sqrt, math.ceil, math.floor, math.log, math.log2
math_log10, math_exp, math_pow, math_sin, math_cos = math.log10, math.exp, math.pow, math.sin, math.cos
math_gcd, math_isqrt = math.gcd, math.isqrt
