"""An object or a class of the file that takes the root: tape.backward(L), Engine.backward(L)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.base.members import find_member, is_own_class, members_of
from worker.driver.engine.backward_calls.target import Target, likely_methods, required_by
from worker.driver.graph.engine import BackwardCall


def find(target: Target) -> Iterator[BackwardCall]:
    """Methods of the file's objects, and of its classes other than that of the nodes."""
    for name, value in list(target.engine.namespace.items()):
        if is_own_class(type(value)) and type(value) is not target.engine.kind:
            for method in likely_methods(type(value), target):
                if len(required_by(find_member(type(value), method))) == 1:
                    yield _with_root(f"{name}.{method}(root)", getattr(value, method))
        elif is_own_class(value) and value is not target.engine.kind:
            for method in likely_methods(value, target):
                yield from _of_class(name, value, method)


def _of_class(name: str, kind: Any, method: str) -> Iterator[BackwardCall]:
    member = members_of(kind).get(method)
    if type(member) in (staticmethod, classmethod):
        yield _with_root(f"{name}.{method}(root)", getattr(kind, method))
    elif len(required_by(member)) == 1 and not required_by(find_member(kind, "__init__")):
        yield _with_root(f"{name}().{method}(root)", lambda root: getattr(kind(), method)(root))


def _with_root(shown: str, function: Callable[[Any], Any]) -> BackwardCall:
    return BackwardCall(shown, lambda root, _: function(root))
