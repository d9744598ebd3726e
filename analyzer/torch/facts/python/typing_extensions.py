# typing_extensions: what typing has, for older Pythons.
from typing import *
from typing import (
    Annotated, Any, ClassVar, Final, Literal, NotRequired, Protocol, ReadOnly, Required, Self, TypeAlias, TypedDict,
    TypeGuard, TypeIs, TypeVar, Union, Unpack, dataclass_transform, final, overload, override, runtime_checkable,
)
from __native__ import unknown


def deprecated(message, /, **kwargs):
    return final


def __getattr__(name):
    return unknown(f"typing_extensions.{name}")
