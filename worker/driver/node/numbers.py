"""Plain numbers from the values that a student's nodes hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import RefusedError
from worker.driver.base.messages import kind_of
from worker.driver.base.protocol import INVALID_OUTPUT

Node = Any  # an object that stands for one number of a graph; usually an instance of `Value`
Read = Callable[[Node], Any]

MOST_NESTED = 8  # nodes within nodes: a gradient may be a node itself
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class NumberSource:
    """Where nodes hold their numbers: its name in the report, and the call that reads it.

    `kind` is the class of nodes. A value of that class holds its number in the same way.
    `read` raises AttributeError if the node has no such number. `unwraps` says that a list of one
    number, or of one such list, counts as the number.
    """

    shown: str
    read: Read
    kind: type | None
    unwraps: bool = False


def number_attribute(name: str, kind: type | None) -> NumberSource:
    """The attribute of that name."""
    return NumberSource(name, attrgetter(name), kind)


def number_in(read: Read, node: Node, numbers: NumberSource) -> float | None:
    """The number that `read` gives for a node, or None if it gives none."""
    value = attempt(read, node)
    number = FAILED if value is FAILED else attempt(to_number, value, "", numbers)
    return None if number is FAILED else number


def reads_as(
    read: Read, nodes: list[Node], expected: tuple[float, ...], numbers: NumberSource
) -> bool:
    """Whether `read` gives the expected numbers for the nodes."""
    for node, number in zip(nodes, expected, strict=True):
        value = number_in(read, node, numbers)
        if value is None or abs(value - number) > _CLOSE:
            return False
    return True


def to_number(value: Any, label: str, numbers: NumberSource, depth: int = 0) -> float | None:
    """A node's data or gradient as a float, None for None. The value may be a node itself.

    Raises RefusedError if the value is no number; `label` says whose it is.
    """
    if value is None:
        return None
    kind = type(value)
    if issubclass(kind, float):
        return float.__pos__(value)
    if issubclass(kind, int):
        return nearest_float(int.__pos__(value))
    if depth < MOST_NESTED and numbers.kind is not None and issubclass(kind, numbers.kind):
        return to_number(numbers.read(value), label, numbers, depth + 1)
    if numbers.unwraps and kind in (list, tuple) and len(value) == 1 and depth < MOST_NESTED:
        return to_number(value[0], label, numbers, depth + 1)
    if kind.__module__ == "numpy" and getattr(value, "size", None) == 1:
        item = value.item()
        if type(item) is not kind:  # as it is for numpy.longdouble
            return to_number(item, label, numbers, depth + 1)
    if hasattr(kind, "__float__"):
        return float(value)
    raise RefusedError(INVALID_OUTPUT, f"{label} is {kind_of(value)}, not a number.")


def nearest_float(number: int) -> float:
    """The float nearest to an int, or an infinity if the int is larger than any float."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
