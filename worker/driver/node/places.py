"""What a node holds, and under which names: attributes, methods without arguments, keys, places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import AbsentError
from worker.driver.base.members import bases_of, is_own_class, members_of
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.engine.interface import Interface, Node
from worker.driver.node.numbers import to_number

Read = Callable[[Node], Any]

_CLOSE = 1e-9
# Methods that are not asked in search of a number: they would change or draw something.
_NOT_ASKED = ("zero", "reset", "clear", "plot", "draw", "show", "train", "print", "render")


def number_in(read: Read, node: Node, interface: Interface) -> float | None:
    """The number that is read from a node; None where there is none.

    Raises MissingModuleError where a module that is not here would be needed.
    """
    held = attempt(read, node)
    number = FAILED if held is FAILED else attempt(to_number, held, "", interface)
    return None if number is FAILED else number


def reads_as(
    read: Read, nodes: list[Node], numbers: tuple[float, ...], interface: Interface
) -> bool:
    """Whether these numbers are read from these nodes."""
    for node, number in zip(nodes, numbers, strict=True):
        found = number_in(read, node, interface)
        if found is None or abs(found - number) > _CLOSE:
            return False
    return True


def places(node: Node, names: tuple[str, ...]) -> Iterator[tuple[str, Read]]:
    """Each name under which a node may hold a number, and how to read it; these names first."""
    if isinstance(node, dict):
        keys = [key for key in node if isinstance(key, str)]
        for key in _first(names, keys):
            yield _called_if_callable(key, node[key], _item(key))
        return
    if isinstance(node, (tuple, list)):
        for index, held in enumerate(node):
            yield _called_if_callable(f"[{index}]", held, _item(index))
        return
    attributes = list(_attributes(node))
    for name in names:
        if name in attributes or _has(node, name):
            yield place(node, name)
    for name in attributes:
        if name not in names:
            yield name, attrgetter(name)
    for name in _methods(type(node)):
        if name not in names:
            yield f"{name}()", _call(attrgetter(name))


def place(node: Node, name: str) -> tuple[str, Read]:
    """How a node's attribute of that name is read: called where it is a method."""
    if isinstance(node, dict):
        return _called_if_callable(name, node.get(name), _item(name))
    return _called_if_callable(name, _get(node, name), attrgetter(name))


def holds(node: Node, name: str) -> bool:
    """Whether the node has something under this name that is no method."""
    if isinstance(node, dict):
        return name in node and not callable(node[name])
    return _has(node, name) and not _is_method(_get(node, name))


def _called_if_callable(name: str, held: Any, read: Read) -> tuple[str, Read]:
    return (f"{name}()", _call(read)) if _is_method(held) else (name, read)


def _is_method(held: Any) -> bool:
    return type(held) in (MethodType, FunctionType)


def _item(key: Any) -> Read:
    def get(node: Any) -> Any:
        try:
            return node[key]
        except (KeyError, IndexError, TypeError):
            raise AbsentError from None

    return get


def _call(read: Read) -> Read:
    def call(node: Node) -> Any:
        try:
            method = read(node)
        except (AttributeError, KeyError, IndexError):
            raise AbsentError from None
        return method()

    return call


def _has(node: Node, name: str) -> bool:
    """Whether there is such an attribute; so it is, too, where a property of that name fails."""
    return attempt(hasattr, node, name) is not False


def _get(node: Node, name: str) -> Any:
    held = attempt(getattr, node, name, None)
    return None if held is FAILED else held


def _first(names: tuple[str, ...], found: list[str]) -> list[str]:
    return [name for name in names if name in found] + [n for n in found if n not in names]


def _attributes(node: Node) -> Iterator[str]:
    """The names of what the node itself keeps, then of its properties."""
    try:
        kept = object.__getattribute__(node, "__dict__")
    except AttributeError:
        kept = {}
    yield from list(kept)
    for name, member in _members(type(node)):
        if name not in kept and hasattr(type(member), "__get__") and not callable(member):
            yield name


def _methods(kind: type) -> Iterator[str]:
    """The methods that can be called without arguments, and whose names promise no change."""
    for name, signature in methods_of(kind):
        if not signature.required and not any(part in name for part in _NOT_ASKED):
            yield name


def methods_of(kind: type) -> Iterator[tuple[str, Signature]]:
    """The class's own methods, and what they ask for."""
    for name, member in _members(kind):
        signature = signature_of(member) if type(member) is FunctionType else None
        if signature is not None:
            yield name, signature


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    for base in bases_of(kind):
        if is_own_class(base):
            for name, member in list(members_of(base).items()):
                if not (name.startswith("__") and name.endswith("__")):
                    yield name, member
