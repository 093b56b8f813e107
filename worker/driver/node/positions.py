"""The attributes, methods, keys and positions under which a node may hold a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from types import FunctionType, MethodType
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import AbsentError
from worker.driver.base.members import bases_of, is_own_class, members_of
from worker.driver.base.names import SETTING_BACK, SHOWING
from worker.driver.base.signatures import Signature, signature_of
from worker.driver.node.numbers import Node, Read

_NOT_CALLED = (*SHOWING, *SETTING_BACK)  # parts of the names of methods that are no getters


def positions(node: Node, names: tuple[str, ...]) -> Iterator[tuple[str, Read]]:
    """Each position that may hold a number, as its name and how to read it; `names` come first.

    The name of a method ends with "()". Example: `("value", <read node.value>)`.
    """
    if isinstance(node, dict):
        keys = [key for key in node if isinstance(key, str)]
        for key in [name for name in names if name in keys] + [k for k in keys if k not in names]:
            yield _called_if_method(key, node[key], _item(key))
        return
    if isinstance(node, (tuple, list)):
        for index, value in enumerate(node):
            yield _called_if_method(f"[{index}]", value, _item(index))
        return
    attributes = list(_attributes(node))
    for name in names:
        if name in attributes or _has(node, name):
            yield position(node, name)
    for name in attributes:
        if name not in names:
            yield name, attrgetter(name)
    for name, signature in methods_of(type(node)):
        is_getter = not signature.required and not any(part in name for part in _NOT_CALLED)
        if is_getter and name not in names:
            yield f"{name}()", _call(attrgetter(name))


def position(node: Node, name: str) -> tuple[str, Read]:
    """The name of a node's attribute and how to read it. A method is called."""
    if isinstance(node, dict):
        return _called_if_method(name, node.get(name), _item(name))
    return _called_if_method(name, _get(node, name), attrgetter(name))


def holds(node: Node, name: str) -> bool:
    """Whether the node has something under this name that is no method."""
    if isinstance(node, dict):
        return name in node and not callable(node[name])
    return _has(node, name) and not _is_method(_get(node, name))


def attributes_of(node: Node) -> dict[str, Any]:
    """A copy of what the node itself holds, by name. Empty if it is no usual object."""
    attributes = attempt(vars, node)
    return dict(attributes) if type(attributes) is dict else {}


def _called_if_method(name: str, value: Any, read: Read) -> tuple[str, Read]:
    return (f"{name}()", _call(read)) if _is_method(value) else (name, read)


def _is_method(value: Any) -> bool:
    return type(value) in (MethodType, FunctionType)


def _item(key: Any) -> Read:
    def get(node: Any) -> Any:
        try:
            return node[key]
        except (KeyError, IndexError, TypeError):
            raise AbsentError from None

    return get


def _call(read: Read) -> Callable[[Node], Any]:
    def call(node: Node) -> Any:
        try:
            method = read(node)
        except (AttributeError, KeyError, IndexError):
            raise AbsentError from None
        return method()

    return call


def _has(node: Node, name: str) -> bool:
    """Whether there is such an attribute. A property that fails counts."""
    return attempt(hasattr, node, name) is not False


def _get(node: Node, name: str) -> Any:
    value = attempt(getattr, node, name, None)
    return None if value is FAILED else value


def _attributes(node: Node) -> Iterator[str]:
    """The names of the node's own attributes, then of its properties."""
    try:
        own = object.__getattribute__(node, "__dict__")
    except AttributeError:
        own = {}
    yield from list(own)
    for name, member in _members(type(node)):
        if name not in own and hasattr(type(member), "__get__") and not callable(member):
            yield name


def methods_of(kind: type) -> Iterator[tuple[str, Signature]]:
    """The class's own methods with their signatures."""
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
