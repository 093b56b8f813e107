"""A graph, ready to be simulated many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from worker.grading.diagnosis.forms import form_of
from worker.graph import Apply, Backward, Constant, Graph, Leaf, Update
from worker.report.model import Quantity

Reads = Sequence[tuple[int, Quantity]]
# The order and the recipes of a model with the root, and the nodes as they are sorted then.
Sorted = dict[tuple[object, ...], list[int]]


class Operation(NamedTuple):
    """A step that makes a node of others. An operand that is None is the plain number."""

    operation: str
    form: str
    left: int | None
    right: int | None  # -1 if there is only one operand
    number: float


@dataclass(frozen=True)
class Prepared:
    """A graph and the numbers of it that are read.

    `sorted` remembers the orders of its nodes that don't depend on their numbers.
    """

    graph: Graph
    reads: Reads
    sorted: Sorted = field(default_factory=dict)

    @cached_property
    def steps(self) -> list[Operation | Leaf | Backward | Update]:
        """The steps of the graph, those of operations with their forms."""
        return [_prepare(step) if isinstance(step, Apply) else step for step in self.graph.steps]

    @cached_property
    def wanted(self) -> list[tuple[int, bool]]:
        """The node of each number that is read, and whether it is its gradient."""
        return [(node, part is Quantity.GRAD) for node, part in self.reads]


def _prepare(step: Apply) -> Operation:
    nodes = [None if isinstance(one, Constant) else one for one in step.operands]
    number = next((one.number for one in step.operands if isinstance(one, Constant)), 0.0)
    right = nodes[1] if len(nodes) > 1 else -1
    return Operation(step.operation, form_of(step), nodes[0], right, number)
