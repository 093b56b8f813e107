"""Finds equal numbers in a graph.

An engine that takes nodes with equal numbers for one node should fail where that is tested, and not
by accident elsewhere. So numbers differ within a graph, unless equal numbers are the point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from worker.graph import Apply, Constant, Graph
from worker.reference import floats
from worker.report.numbers import show


class Coincidence(NamedTuple):
    """Two equal numbers. `is_inherent` is true where another point wouldn't help.

    That is so for relu and abs, which return what is positive, and next to the 0 of relu.
    """

    text: str
    is_inherent: bool


def find_coincidences(graph: Graph, data: Sequence[float]) -> Iterator[Coincidence]:
    """Yields the equal numbers among the nodes that belong to one output.

    Plain numbers count, because many engines make them nodes. Results in between count as well: an
    engine may compute `a - b` as `a + b * -1`. `data` has the nodes' values.
    """
    names = {node: name for name, node in graph.names.items()}
    steps = graph.nodes
    groups: list[Iterable[int]] = [_collect(steps, output) for output in graph.outputs]
    for group in groups or [range(len(steps))]:
        found: dict[float, str] = {}
        for node in sorted(group):
            step, own = steps[node], names.get(node, f"node {node}")
            labelled = [(data[node], own)]
            is_inherent = False
            if isinstance(step, Apply):
                numbers = [
                    one.number if isinstance(one, Constant) else data[one] for one in step.operands
                ]
                labelled += _find_in_between(step, own, numbers)
                is_inherent = (
                    step.operation in {"relu", "abs"} and data[node] == numbers[0]
                ) or any(_is_switched_off(steps, data, one) for one in step.operands)
            for number, label in labelled:
                if found.setdefault(number, label) != label:
                    text = f"{found[number]} and {label} are both {show(number)}"
                    yield Coincidence(text, is_inherent)


def _is_switched_off(
    steps: Sequence[object], data: Sequence[float], operand: int | Constant
) -> bool:
    """Whether an operand is a relu of a negative number."""
    if isinstance(operand, Constant):
        return False
    step = steps[operand]
    return isinstance(step, Apply) and step.operation == "relu" and not data[operand]


def _collect(steps: Sequence[object], output: int) -> set[int]:
    """Returns an output and the nodes that it depends on."""
    group, pending = set[int](), [output]
    while pending:
        node = pending.pop()
        step = steps[node]
        if node not in group and isinstance(step, Apply):
            pending += [operand for operand in step.operands if isinstance(operand, int)]
        group.add(node)
    return group


def _find_in_between(
    step: Apply, own: str, numbers: Sequence[float]
) -> Iterator[tuple[float, str]]:
    """Yields the plain numbers of an operation, and what an engine may compute on the way.

    A plain number has the same label everywhere. It may come twice, because as a node it passes
    nothing on.
    """
    for operand in step.operands:
        if isinstance(operand, Constant):
            yield operand.number, f"the number {show(operand.number)}"
    last = numbers[-1]
    match step.operation.removesuffix("="):
        case "-":
            yield -1, "the number -1"
            yield -last, f"the opposite in {own}"
        case "neg":
            yield -1, "the number -1"
        case "/":
            yield -1, "the number -1"
            yield floats.divide(1, last), f"the reciprocal in {own}"
        case "sigmoid":
            yield -1, "the number -1"
            yield -last, f"the opposite in {own}"
            yield floats.exp(-last), f"the exponential in {own}"
        case "tanh":
            yield 2 * last, f"the double in {own}"
            yield floats.exp(2 * last), f"the exponential in {own}"
