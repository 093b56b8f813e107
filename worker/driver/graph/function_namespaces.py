"""Finds functions in a class, an object or a namespace of the file: F.tanh(x)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, is_own_callable, is_own_class, members_of
from worker.driver.base.signatures import signature_of
from worker.driver.graph.engine import Engine
from worker.driver.node.numbers import Node

_SELF = "self"  # the first parameter of a method
_MOST_NESTED = 3  # classes within classes


def find_in_namespaces(name: str, engine: Engine) -> Iterator[Callable[[Node], Node]]:
    """Each function of that name that takes one node."""
    kind = engine.kind or type(None)
    for owner in _owners(list(engine.namespace.values()), _MOST_NESTED):
        if is_own_class(owner):
            function = _of_class(owner, name, kind)
        elif type(owner) is dict:
            function = owner.get(name)
        elif type(owner) is SimpleNamespace:
            function = vars(owner).get(name)
        elif is_own_class(type(owner)) and not issubclass(type(owner), kind):
            function = _of_object(owner, name)
        else:
            continue
        if is_own_class(function):
            yield use_class(function)
        elif is_own_callable(function):
            yield function


def use_class(kind: Any) -> Callable[[Node], Node]:
    """A function written as a class: its apply(), its instance called, or a node of that class.

    If the class can't be called with a node, it is forward().
    """
    if isinstance(find_member(kind, "apply"), (staticmethod, classmethod)):
        return lambda node: kind.apply(node)
    if find_member(kind, "__call__") is not None:
        return lambda node: kind()(node)
    if (forward := find_member(kind, "forward")) is not None and not _is_made_of_one(kind):
        if isinstance(forward, (staticmethod, classmethod)):
            return lambda node: kind.forward(node)
        return lambda node: kind().forward(node)
    return lambda node: kind(node)


def _is_made_of_one(kind: Any) -> bool:
    makes = [signature_of(find_member(kind, name)) for name in ("__init__", "__new__")]
    return any(one is not None and (one.names or one.takes_more) for one in makes)


def _owners(values: list[Any], depth: int) -> Iterator[Any]:
    """These objects, and the classes, objects and dictionaries within classes."""
    for value in values:
        yield value
        if depth and is_own_class(value):
            inner = list(members_of(value).values())
            kept = [v for v in inner if is_own_class(v) or _is_namespace(v)]
            yield from _owners(kept, depth - 1)


def _is_namespace(value: Any) -> bool:
    return type(value) in (dict, SimpleNamespace) or is_own_class(type(value))


def _of_class(owner: Any, name: str, kind: type) -> Any:
    """A class or static method, or a function that should be one: `def tanh(x)`.

    Also a method of an object that is made of nothing, and an operation that is a class.
    """
    member = find_member(owner, name)
    if type(member) is staticmethod:
        return member.__func__
    if type(member) is classmethod:
        return attempt(getattr, owner, name) if _takes_one(member) else None
    if is_own_class(member):
        return member
    if type(member) is not FunctionType:
        return None
    if _takes_one(member, bound=0) and member.__code__.co_varnames[0] != _SELF:
        return member
    makes = signature_of(find_member(owner, "__init__"))
    is_free = not (makes and makes.required) and not issubclass(owner, kind)
    return getattr(attempt(owner), name, None) if is_free and _takes_one(member) else None


def _of_object(owner: Any, name: str) -> Any:
    """A method that takes one node, or an attribute of the object itself."""
    member = find_member(type(owner), name)
    if type(member) is FunctionType and not _takes_one(member):
        return None
    return attempt(getattr, owner, name, None)


def _takes_one(function: Any, bound: int = 1) -> bool:
    signature = signature_of(function, bound)
    if signature is None or not signature.positional:
        return signature is None
    return len(signature.required) <= 1
