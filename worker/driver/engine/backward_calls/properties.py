"""A property that runs backward when it is read: L.backward."""

from __future__ import annotations

from collections.abc import Iterator

from worker.driver.base.members import find_member
from worker.driver.engine.backward_calls.target import Target
from worker.driver.graph.engine import BackwardCall


def find(target: Target) -> Iterator[BackwardCall]:
    """Properties of the usual names."""
    for name in target.hints.backward_names:
        if type(find_member(type(target.root), name)) is property:
            yield _read(name)


def _read(name: str) -> BackwardCall:
    return BackwardCall(name, lambda root, _: getattr(root, name))
