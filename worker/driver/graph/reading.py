"""The numbers and gradients that are read from a graph's nodes once it has been computed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.driver.base.errors import AbsentError, MissingModuleError, RefusedError
from worker.driver.base.messages import kind_of, traceback_of
from worker.driver.base.protocol import UNSUPPORTED
from worker.driver.graph.engine import Engine, GraphRun, Step
from worker.driver.node.numbers import Node, to_number

ABSENT = object()  # stands for a gradient that a node has no attribute for
SAY_IT = "If the gradient has another name, say `# chainrule: grad=NAME` in the file."


def read_numbers(
    nodes: list[Node],
    reads: Sequence[Any],
    steps: Sequence[Step],
    engine: Engine,
    run: GraphRun,
) -> list[float | None]:
    """The numbers that a question asks for. `reads` has a node's index, a part and a label each.

    An engine may keep no gradient for some nodes, but not for all. A gradient may raise an
    exception if backward didn't reach its node; it then counts as None.
    """
    numbers = []
    for node, part, label in reads:
        try:
            numbers.append(read_number(nodes[node], part, label, engine, run))
        except Exception as error:
            means_none = part != "data" and not isinstance(
                error, (RefusedError, MissingModuleError, MemoryError, RecursionError)
            )
            if not means_none or node in _find_reached(steps):
                raise
            numbers.append(None)
    absent = [n is ABSENT for n, (_, part, _) in zip(numbers, reads, strict=True) if part == "grad"]
    if absent and all(absent):
        node = next(nodes[node] for node, part, _ in reads if part == "grad")
        name = engine.gradients.shown
        lack = f"attribute {name}. {SAY_IT}" if name.isidentifier() else f"gradient {name}."
        raise RefusedError(UNSUPPORTED, f"{kind_of(node)} has no {lack}")
    return [None if number is ABSENT else number for number in numbers]


def _find_reached(steps: Sequence[Step]) -> set[int]:
    """The nodes that backward ran from, and those that they are made of."""
    made = [step for step in steps if step[0] != "backward"]
    reached = {n for step in steps if step[0] == "backward" for n in nodes_in(step)}
    for node in range(len(made) - 1, -1, -1):
        if node in reached and made[node][0] not in ("leaf", "update"):
            reached.update(nodes_in(made[node]))
    return reached


def nodes_in(step: Step) -> list[int]:
    """The nodes that a step uses. `~node` stands for a node that is used for the last time."""
    return [o if o >= 0 else ~o for o in step[1:] if type(o) is int]


def read_number(node: Node, part: str, label: str, engine: Engine, run: GraphRun) -> Any:
    """The node's data or grad as a float, None for None, ABSENT if it has no gradient.

    Raises RefusedError if it has no number or something else in its place.
    """
    try:
        value = engine.numbers.read(node) if part == "data" else run.read_gradient(node)
    except AttributeError as error:
        # The student's own code may have raised it, in a property.
        if type(error) is not AbsentError and traceback_of(error).tb_next is not None:
            raise
        if part == "grad":
            return ABSENT
        lack = f"{kind_of(node)} has no attribute {engine.numbers.shown}."
        raise RefusedError(UNSUPPORTED, lack) from None
    return to_number(value, label, engine.numbers)
