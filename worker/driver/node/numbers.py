"""Plain numbers from what a student's nodes hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.driver.base.errors import AbsentError, MissingModuleError, RefusedError
from worker.driver.base.messages import kind_of, traceback_of
from worker.driver.base.protocol import INVALID_OUTPUT, UNSUPPORTED
from worker.driver.engine.interface import Interface, Node, Step

ABSENT = object()  # in place of a gradient that a node has no attribute for
SAY_IT = "If the gradient has another name, say `# chainrule: grad=NAME` in the file."
MOST_NESTED = 8  # nodes within nodes: a gradient may be a node itself


def read_numbers(
    nodes: list[Node], reads: Sequence[Any], interface: Interface
) -> list[float | None]:
    """The numbers asked for. An engine may keep no gradient for some nodes, but not for all.

    Where backward never came, a gradient that raises is one that there is not.
    """
    numbers = []
    for node, part, label in reads:
        try:
            numbers.append(read_number(nodes[node], part, label, interface))
        except Exception as error:
            if part == "data" or not _may_refuse(error) or node in _find_reached(interface.steps):
                raise
            numbers.append(None)
    absent = [n is ABSENT for n, (_, part, _) in zip(numbers, reads, strict=True) if part == "grad"]
    if absent and all(absent):
        node = next(nodes[node] for node, part, _ in reads if part == "grad")
        part = interface.grad
        lack = f"attribute {part}. {SAY_IT}" if part.isidentifier() else f"gradient {part}."
        raise RefusedError(UNSUPPORTED, f"{kind_of(node)} has no {lack}")
    return [None if number is ABSENT else number for number in numbers]


def _may_refuse(error: Exception) -> bool:
    """Whether a property may raise it to say that there is no gradient yet."""
    return not isinstance(error, (RefusedError, MissingModuleError, MemoryError, RecursionError))


def _find_reached(steps: Sequence[Step]) -> set[int]:
    """The nodes that backward was run from, and those that they are made of."""
    made = [step for step in steps if step[0] != "backward"]
    reached = {n for step in steps if step[0] == "backward" for n in nodes_in(step)}
    for node in range(len(made) - 1, -1, -1):
        if node in reached and made[node][0] not in ("leaf", "update"):
            reached.update(nodes_in(made[node]))
    return reached


def nodes_in(step: Step) -> list[int]:
    """The nodes that a step takes; `~node` is one that is used for the last time."""
    return [o if o >= 0 else ~o for o in step[1:] if type(o) is int]


def read_number(node: Node, part: str, label: str, interface: Interface) -> Any:
    """The node's data or grad as a float; None where it holds None, ABSENT where it has no grad."""
    try:
        held = interface.read_data(node) if part == "data" else interface.read_grad(node)
    except AttributeError as error:
        if is_deep(error):
            raise
        if part == "grad":
            return ABSENT
        lack = f"{kind_of(node)} has no attribute {interface.data}."
        raise RefusedError(UNSUPPORTED, lack) from None
    return to_number(held, label, interface)


def is_deep(error: AttributeError) -> bool:
    """Whether it was raised by the student's code, not by our asking for the attribute."""
    return type(error) is not AbsentError and traceback_of(error).tb_next is not None


def to_number(held: Any, label: str, interface: Interface, depth: int = 0) -> float | None:
    """What a node holds as a float; None for None. It may be held by another node."""
    if held is None:
        return None
    kind = type(held)
    if issubclass(kind, float):
        return float.__pos__(held)
    if issubclass(kind, int):
        return nearest_float(int.__pos__(held))
    if depth < MOST_NESTED and interface.kind is not None and issubclass(kind, interface.kind):
        return to_number(interface.read_data(held), label, interface, depth + 1)
    if kind.__module__ == "numpy" and getattr(held, "size", None) == 1:
        return to_number(held.item(), label, interface, depth + 1)
    if hasattr(kind, "__float__"):
        return float(held)
    raise RefusedError(INVALID_OUTPUT, f"{label} is {kind_of(held)}, not a number.")


def nearest_float(number: int) -> float:
    """The float nearest to an int; an infinity beyond the largest."""
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")
