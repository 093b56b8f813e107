"""Finds functions in a class, an object or a namespace of the file: F.tanh(x)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType, SimpleNamespace
from typing import Any

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, is_own_callable, is_own_class
from worker.driver.base.signatures import signature_of
from worker.driver.graph.engine import Engine
from worker.driver.node.numbers import Node

_SELF = "self"  # the first parameter of a method


def find_in_namespaces(name: str, engine: Engine) -> Iterator[Callable[[Node], Node]]:
    """Each function of that name that takes one node."""
    kind = engine.kind or type(None)
    for owner in list(engine.namespace.values()):
        if is_own_class(owner):
            function = _of_class(owner, name)
        elif type(owner) is SimpleNamespace:
            function = vars(owner).get(name)
        elif is_own_class(type(owner)) and not issubclass(type(owner), kind):
            function = _of_object(owner, name)
        else:
            continue
        if is_own_callable(function):
            yield function


def _of_class(kind: Any, name: str) -> Any:
    """A class method, or a function that should be a static one: `def tanh(x)`."""
    member = find_member(kind, name)
    if type(member) is classmethod:
        return attempt(getattr, kind, name) if _takes_one(member) else None
    is_function = type(member) is FunctionType and _takes_one(member, bound=0)
    return member if is_function and member.__code__.co_varnames[0] != _SELF else None


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
