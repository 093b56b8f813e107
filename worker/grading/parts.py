"""Parts of graphs: with another output, with fewer operations, with leaves in place of results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from worker.grading.small_graphs import find_replacing, find_used
from worker.graph import Apply, Backward, Graph, Leaf, Number, Operand
from worker.graph.steps import Update
from worker.reference.engine import evaluate

LEAVES, RESULTS, OUTPUT = "xyzabcdefgh", "uvwpqrst", "L"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a graph. Its last step is the output, and every other step has a user.

    `origins` has the node of the whole graph for each step.
    """

    steps: tuple[Leaf | Apply, ...]
    origins: tuple[int, ...]

    @property
    def operations(self) -> int:
        """How many operations it has."""
        return sum(isinstance(step, Apply) for step in self.steps)

    @property
    def graph(self) -> Graph:
        """The part as a graph with usual names and one backward."""
        steps = (*self.steps, Backward(len(self.steps) - 1))
        return Graph(steps=steps, names=dict(_name(self.steps)), program="")


def take_first(graph: Graph) -> Part | None:
    """Returns the part of a graph up to its first backward; None if a step of descent is there."""
    steps = list[Leaf | Apply]()
    for step in graph.steps:
        if isinstance(step, Update):
            return None
        if isinstance(step, Backward):
            return _cut(Part(steps=tuple(steps), origins=tuple(range(len(steps)))), step.node)
        steps.append(step)
    return None


def list_smaller(part: Part) -> list[Part]:
    """Returns the parts that have at least one operation fewer, the smallest first.

    Another result is the output, a result is a leaf with its number, or an operation is left out.
    """
    found = {made.steps: made for made in _list_smaller(part) if made.operations}
    return sorted(found.values(), key=lambda made: (made.operations, len(made.steps)))


def _list_smaller(part: Part) -> Iterator[Part]:
    data = evaluate(part.graph).data
    last = len(part.steps) - 1
    for node, step in enumerate(part.steps):
        if isinstance(step, Leaf):
            continue
        if node != last:
            yield _cut(part, node)
            steps = (*part.steps[:node], Leaf(_shorten(data[node])), *part.steps[node + 1 :])
            yield _cut(Part(steps=steps, origins=part.origins), last)
        for operand in dict.fromkeys(step.operands):
            if isinstance(operand, int):
                yield _leave_out(part, node, operand)


def _cut(part: Part, output: int) -> Part:
    """The part with another output, and only with what that depends on."""
    kept = sorted(find_used(Graph(steps=part.steps, names={}, program=""), output))
    places = {node: place for place, node in enumerate(kept)}
    steps = tuple(_move(part.steps[node], places) for node in kept)
    return Part(steps=steps, origins=tuple(part.origins[node] for node in kept))


def _leave_out(part: Part, left_out: int, operand: int) -> Part:
    """The part without an operation. Its users use one of its operands instead."""
    places = {node: node for node in range(len(part.steps))} | {left_out: operand}
    steps = tuple(_move(step, places) for step in part.steps)
    last = len(steps) - 1
    return _cut(Part(steps=steps, origins=part.origins), operand if left_out == last else last)


def _move(step: Leaf | Apply, places: dict[int, int]) -> Leaf | Apply:
    if isinstance(step, Leaf):
        return step

    def move(operand: Operand) -> Operand:
        return places[operand] if isinstance(operand, int) else operand

    return Apply(step.operation, tuple(map(move, step.operands)))


def _name(steps: Sequence[Leaf | Apply]) -> Iterator[tuple[str, int]]:
    """Names all nodes but those that an operation in place replaces."""
    graph = Graph(steps=tuple(steps), names={}, program="")
    leaves, results = _list_names(LEAVES), _list_names(RESULTS)
    for node, step in enumerate(steps):
        if node == len(steps) - 1:
            yield OUTPUT, node
        elif find_replacing(graph, node) is None:
            yield next(leaves if isinstance(step, Leaf) else results), node


def _list_names(letters: str) -> Iterator[str]:
    yield from letters
    yield from (f"{letters[0]}{number}" for number in count(1))


def _shorten(number: float) -> Number:
    return int(number) if float(number).is_integer() else float(number)
