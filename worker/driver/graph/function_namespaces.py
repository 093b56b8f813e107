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


def find_in_namespaces(name: str, engine: Engine) -> Iterator[tuple[str, Callable[[Node], Node]]]:
    """Each function of that name that takes one node, and how a program writes it: F.tanh.

    The text is empty if a program can't write it.
    """
    kind = engine.kind or type(None)
    for path, owner in _owners(list(engine.namespace.items()), _MOST_NESTED):
        written = f"{path}.{name}"
        if is_own_class(owner):
            function, needs_object = _of_class(owner, name, kind)
            written = f"{path}().{name}" if needs_object else written
        elif type(owner) is dict:
            function, written = owner.get(name), ""
        elif type(owner) is SimpleNamespace:
            function = vars(owner).get(name)
        elif is_own_class(type(owner)) and not issubclass(type(owner), kind):
            function = _of_object(owner, name)
        else:
            continue
        if is_own_class(function):
            use, call = use_class(function)
            yield written and f"{written}{use}", call
        elif is_own_callable(function):
            yield written, function


def use_class(kind: Any) -> tuple[str, Callable[[Node], Node]]:
    """A function written as a class: its apply(), its instance called, or a node of that class.

    If the class can't be called with a node, it is forward(). The text is what a program writes
    after the name of the class, as in Tanh.apply(x).
    """
    if isinstance(find_member(kind, "apply"), (staticmethod, classmethod)):
        return ".apply", lambda node: kind.apply(node)
    if find_member(kind, "__call__") is not None:
        return "()", lambda node: kind()(node)
    if (forward := find_member(kind, "forward")) is not None and not _is_made_of_one(kind):
        if isinstance(forward, (staticmethod, classmethod)):
            return ".forward", lambda node: kind.forward(node)
        return "().forward", lambda node: kind().forward(node)
    return "", lambda node: kind(node)


def _is_made_of_one(kind: Any) -> bool:
    makes = [signature_of(find_member(kind, name)) for name in ("__init__", "__new__")]
    return any(one is not None and (one.names or one.takes_more) for one in makes)


def _owners(items: list[tuple[str, Any]], depth: int) -> Iterator[tuple[str, Any]]:
    """These objects by name, and the classes, objects and dictionaries within classes."""
    for path, value in items:
        yield path, value
        if depth and is_own_class(value):
            inner = list(members_of(value).items())
            kept = [(f"{path}.{n}", v) for n, v in inner if is_own_class(v) or _is_namespace(v)]
            yield from _owners(kept, depth - 1)


def _is_namespace(value: Any) -> bool:
    return type(value) in (dict, SimpleNamespace) or is_own_class(type(value))


def _of_class(owner: Any, name: str, kind: type) -> tuple[Any, bool]:
    """A class or static method, or a function that should be one: `def tanh(x)`.

    Also an operation that is a class, and a method of an object that is made of nothing: then the
    second result is true.
    """
    member = find_member(owner, name)
    if type(member) is staticmethod:
        return member.__func__, False
    if type(member) is classmethod:
        return attempt(getattr, owner, name) if _takes_one(member) else None, False
    if is_own_class(member):
        return member, False
    if type(member) is not FunctionType:
        return None, False
    if _takes_one(member, bound=0) and member.__code__.co_varnames[0] != _SELF:
        return member, False
    makes = signature_of(find_member(owner, "__init__"))
    is_free = not (makes and makes.required) and not issubclass(owner, kind)
    return getattr(attempt(owner), name, None) if is_free and _takes_one(member) else None, True


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
