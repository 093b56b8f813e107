"""Graphs as the sandbox is told them."""

from __future__ import annotations

from typing import Any

from worker.graph.steps import Backward, Constant, Graph, Leaf, Operand, Step, Update


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
