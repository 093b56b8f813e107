"""What is a node, of all that a student's operation may give."""

from __future__ import annotations

from typing import Any

from worker.driver.base.members import is_own_class
from worker.driver.engine.interface import Interface
from worker.driver.node.places import number_in


def is_node(thing: Any, interface: Interface) -> bool:
    """Whether it is an object of the student's, or at least has the number that nodes have.

    A class that has passed is known from then on.
    """
    kind = type(thing)
    if id(kind) in interface.kinds:
        return True
    if any(kind is plain for plain in interface.plain):
        return False
    known = is_own_class(kind) or number_in(interface.read_data, thing, interface) is not None
    if known:
        interface.kinds[id(kind)] = kind
    return known
