"""Graphs as the sandbox is told them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.graph.steps import Backward, Constant, Graph, Leaf, Operand, Step, Update
from worker.report import Quantity


@dataclass(frozen=True, kw_only=True)
class Question:
    """A graph to make, and the numbers to read then: nodes and what of them.

    `measure` asks what it cost beside them.
    """

    graph: Graph
    reads: Sequence[tuple[int, Quantity]]
    measure: bool = False

    @cached_property
    def body(self) -> bytes:
        """The question as members of a JSON object. Kept, as it is put to every submission."""
        names = {node: name for name, node in self.graph.names.items()}
        reads = [
            [node, part, f"{names.get(node, f'node {node}')}.{part}"] for node, part in self.reads
        ]
        return json.dumps({"steps": to_wire(self.graph), "reads": reads}, allow_nan=False).encode()


def to_wire(graph: Graph) -> list[list[Any]]:
    """The steps as JSON values: nodes are ints, constants are lists of one number.

    ["leaf", 3], ["+", 0, 1], ["*", 0, [2.5]], ["neg", 4], ["+=", 2, [1]], ["backward", 6],
    ["update", 0, 0.1]
    """
    return [_spell(step) for step in graph.steps]


def _spell(step: Step) -> list[Any]:
    if isinstance(step, Leaf):
        return ["leaf", step.number]
    if isinstance(step, Backward):
        return ["backward", step.node]
    if isinstance(step, Update):
        return ["update", step.node, step.rate]
    return [step.operation, *map(_spell_operand, step.operands)]


def _spell_operand(operand: Operand) -> int | list[int | float]:
    return [operand.number] if isinstance(operand, Constant) else operand
