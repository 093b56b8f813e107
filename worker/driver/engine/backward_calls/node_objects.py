"""An object that the root itself holds and that takes the root: L.tape.backward(L)."""

from __future__ import annotations

from collections.abc import Iterator

from worker.driver.base.attempts import attempt
from worker.driver.base.members import find_member, is_own_class
from worker.driver.engine.backward_calls.target import Target, likely_methods, required_by
from worker.driver.graph.engine import BackwardCall


def find(target: Target) -> Iterator[BackwardCall]:
    """Methods of the root's objects that are no nodes themselves."""
    attributes = attempt(vars, target.root)
    for name, value in list(attributes.items()) if type(attributes) is dict else ():
        kind = type(value)
        if is_own_class(kind) and not issubclass(kind, target.engine.kind or type(None)):
            for method in likely_methods(kind, target):
                if len(required_by(find_member(kind, method))) == 1:
                    yield _call(name, method)


def _call(name: str, method: str) -> BackwardCall:
    return BackwardCall(
        f"root.{name}.{method}(root)", lambda root, _: getattr(getattr(root, name), method)(root)
    )
