"""Which class of a file is the engine, and how its parts are spelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from worker.driver.frames import Answer
from worker.driver.functions import bases_of, is_own_class, members_of
from worker.driver.interface import Interface, Namespace, Node
from worker.driver.spelling import BACKWARD_NAMES
from worker.driver.telling import RefusedError, kind_of, problem

CLASS_NAME = "Value"
NO_CLASS = "No class that could be a Value: a class with __add__ or __mul__ is needed."
AMBIGUOUS = "More than one class could be the Value. Name the one that is meant Value. Found:"


def find(namespace: Namespace, names: dict[str, Any]) -> Interface | Answer:
    """The interface of the one class that could be a Value, or the problem with it."""
    wanted = names.get("class", CLASS_NAME)
    classes = {n: c for n, c in namespace.items() if is_own_class(c)}
    candidates = {n: c for n, c in classes.items() if _does_arithmetic(c)}
    different = {id(c): n for n, c in reversed(candidates.items())}
    if wanted in candidates:
        return _use(wanted, namespace)
    if len(different) == 1:
        return _use(next(iter(different.values())), namespace)
    if different:
        told = ", ".join(reversed(different.values()))
        return problem("ambiguous_class", f"{AMBIGUOUS} {told}.", [])
    found = f" The classes found: {', '.join(classes)}." if classes else ""
    return problem("no_class", f"{NO_CLASS}{found}", [])


def _does_arithmetic(kind: type) -> bool:
    own = [members_of(base) for base in bases_of(kind) if is_own_class(base)]
    return any("__add__" in members or "__mul__" in members for members in own)


def _use(name: str, namespace: Namespace) -> Interface:
    kind: Any = namespace[name]
    interface = Interface(namespace, kind)
    interface.kind, interface.class_name = kind, name
    interface.backward = next((n for n in BACKWARD_NAMES if callable(getattr(kind, n, None))), "")
    interface.run_backward = _call(interface.backward) if interface.backward else _try_backward
    interface.backward = interface.backward or BACKWARD_NAMES[0]
    return interface


def _call(name: str) -> Callable[[Node], object]:
    return lambda node: getattr(node, name)()


def _try_backward(node: Node) -> None:
    """Calls what the node itself keeps under one of the usual names."""
    for name in BACKWARD_NAMES:
        if callable(getattr(node, name, None)):
            getattr(node, name)()
            return
    raise RefusedError("unsupported", f"{kind_of(node)} has no method backward().")
