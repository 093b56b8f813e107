"""The members of classes, and whether a class or function is the student's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from worker.driver.base.messages import FILE, MODULE

# Python's own access to a class, so that a student's metaclass can't interfere.
bases_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
members_of: Callable[[type], Any] = type.__dict__["__dict__"].__get__
_flags_of: Callable[[type], int] = type.__dict__["__flags__"].__get__
_HEAP_TYPE = 1 << 9  # a flag of classes that Python code made; classes written in C don't have it
_MOST_WRAPPED = 8  # decorators around decorators


def find_member(kind: type, name: str) -> Any:
    """The member of a class or its bases, as it was written: a function, not a bound method.

    None if there is none.
    """
    for base in bases_of(kind):
        if name in (members := members_of(base)):
            return members[name]
    return None


def own_classes(namespace: dict[str, Any]) -> Iterator[type]:
    """The classes that the file defines, in the order of their names' first appearance."""
    seen = set()
    for value in list(namespace.values()):
        if is_own_class(value) and id(value) not in seen:
            seen.add(id(value))
            yield value


def is_own_class(value: Any) -> bool:
    """Whether it is a class that the student's file made, or a call with functions of the file."""
    if not issubclass(type(value), type):
        return False
    members = members_of(value)
    module = members.get("__module__")
    if type(module) is str and module == MODULE:
        return True
    # If a call such as types.new_class made it, it may name the module of that call.
    made = _flags_of(value) & _HEAP_TYPE
    return bool(made) and any(is_own_function(member) for member in list(members.values()))


def is_own_function(value: Any) -> bool:
    """Whether it is a function that the student's file made."""
    return type(value) is FunctionType and value.__code__.co_filename == FILE


def is_own_callable(value: Any) -> bool:
    """Whether it is such a function or class, one that functools wraps, or a callable object."""
    for _ in range(_MOST_WRAPPED):
        if type(value) is partial:
            value = value.func
        elif type(value) is MethodType:
            value = value.__func__
        elif is_own_function(value) or is_own_class(value):
            return True
        elif is_own_class(type(value)):
            return find_member(type(value), "__call__") is not None
        else:  # set by functools: wraps, lru_cache, singledispatch
            value = getattr(value, "__wrapped__", None)
    return False
