"""Tells nodes from the other values that a student's operation may give."""

from __future__ import annotations

from typing import Any

from worker.driver.base.members import is_own_class
from worker.driver.file.placeholders import Placeholder, refuse
from worker.driver.graph.engine import Engine
from worker.driver.node.numbers import number_in


def is_node(value: Any, engine: Engine) -> bool:
    """Whether it is an object of the student's, or at least has the number that nodes have.

    Once an object of a class has passed, all of that class do. Raises MissingModuleError for an
    object that a missing module would have made.
    """
    kind = type(value)
    if id(kind) in engine.known_kinds:
        return True
    if kind is Placeholder:
        refuse(value)
    if any(kind is plain for plain in engine.plain):
        return False
    known = is_own_class(kind) or number_in(engine.numbers.read, value, engine.numbers) is not None
    if known:
        engine.known_kinds[id(kind)] = kind
    return known
