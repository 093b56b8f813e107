"""Graphs as the sandbox is told them."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from worker.graph.steps import Backward, Constant, Graph, Leaf, Operand, Step, Update
from worker.report.model import Quantity

RATE = ("update", 2)  # where a step has a number that is no node


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
        """The question, marshalled for the same Python: the child must read it, and trusts us.
        Kept, as it is put to every submission."""
        names = {node: name for name, node in self.graph.names.items()}
        reads = tuple(
            (node, part.value, f"{names.get(node, f'node {node}')}.{part}")
            for node, part in self.reads
        )
        keep = names.keys() | {node for node, _ in self.reads}
        steps = to_wire(self.graph, keep)
        return marshal.dumps({"steps": steps, "reads": reads})


def to_wire(graph: Graph, keep: Collection[int] | None = None) -> tuple[tuple[Any, ...], ...]:
    """The steps as plain values: nodes are ints, constants are tuples of one number.

    ("leaf", 3), ("+", 0, 1), ("*", 0, (2.5,)), ("neg", 4), ("+=", 2, (1,)), ("backward", 6),
    ("update", 0, 0.1)

    Where nodes to `keep` are given, any other is spelled `~node` where it is used for the last
    time: nothing holds it after that but the engine, as where the program runs by itself.
    """
    wire = [_spell(step) for step in graph.steps]
    if keep is not None:
        _let_go(wire, keep)
    return tuple(map(tuple, wire))


def _let_go(wire: list[list[Any]], keep: Collection[int]) -> None:
    used_later = set(keep)
    for step in reversed(wire):
        if step[0] == "leaf":
            continue
        for place in (2, 1):
            node = step[place] if place < len(step) else None
            if type(node) is int and node not in used_later and (step[0], place) != RATE:
                used_later.add(node)
                step[place] = ~node


def _spell(step: Step) -> list[Any]:
    if isinstance(step, Leaf):
        return ["leaf", step.number]
    if isinstance(step, Backward):
        return ["backward", step.node]
    if isinstance(step, Update):
        return ["update", step.node, step.rate]
    return [step.operation, *map(_spell_operand, step.operands)]


def _spell_operand(operand: Operand) -> int | tuple[int | float]:
    return (operand.number,) if isinstance(operand, Constant) else operand
