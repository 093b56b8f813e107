"""What a class has, and which things are the student's own: the file made them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from worker.driver.telling import FILE, MODULE

# What a class has, asked of Python itself: a student's metaclass has no say in it.
bases_of: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
members_of: Callable[[type], Any] = type.__dict__["__dict__"].__get__


def find_member(kind: type, name: str) -> Any:
    """What a class or one of its bases has under a name, as it was written; None for nothing."""
    for base in bases_of(kind):
        if name in (members := members_of(base)):
            return members[name]
    return None


def own_classes(namespace: dict[str, Any]) -> Iterator[type]:
    """The classes that the file defines, in the order of their names' first appearance."""
    seen = set()
    for thing in list(namespace.values()):
        if is_own_class(thing) and id(thing) not in seen:
            seen.add(id(thing))
            yield thing


def is_own_class(thing: Any) -> bool:
    """Whether it is a class that the student's file made."""
    return issubclass(type(thing), type) and members_of(thing).get("__module__") == MODULE


def is_own_function(thing: Any) -> bool:
    """Whether it is a function that the student's file made."""
    return type(thing) is FunctionType and thing.__code__.co_filename == FILE
