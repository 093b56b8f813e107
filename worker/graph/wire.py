"""Graphs in the form in which the sandbox's child gets them."""

from __future__ import annotations

import marshal
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from worker.graph.steps import Apply, Backward, Constant, Graph, Leaf, Step, Update
from worker.report.model import Quantity

RATE = ("update", 2)  # the position at which a step has a number and no node


@dataclass(frozen=True, kw_only=True)
class Question:
    """A graph to build, and the numbers to read afterwards: pairs of a node and a quantity.

    `measure` also asks for the cost, the number of calls included unless `counts` is false. Without
    `seeds`, backward runs as the file has it, even if it never sets the output's own gradient.
    """

    graph: Graph
    reads: Sequence[tuple[int, Quantity]]
    measure: bool = False
    counts: bool = True
    seeds: bool = True

    @cached_property
    def uncounted(self) -> Question:
        """The same question without the number of calls."""
        return replace(self, counts=False)

    @cached_property
    def body(self) -> bytes:
        """The question as bytes, cached because every submission gets it.

        `marshal` is safe here: the child has the same Python, and trusts us.
        """
        names = {node: name for name, node in self.graph.names.items()}
        reads = tuple(
            (node, part.value, f"{names.get(node, f'node {node}')}.{part}")
            for node, part in self.reads
        )
        keep = names.keys() | {node for node, _ in self.reads}
        steps = to_wire(self.graph, keep)
        rest = {"count": self.measure and self.counts, "seeds": self.seeds}
        return marshal.dumps({"steps": steps, "reads": reads, **rest})


def to_wire(graph: Graph, keep: Collection[int] | None = None) -> tuple[tuple[Any, ...], ...]:
    """Returns the steps as plain values. Nodes are ints, constants are tuples of one number.

    ("leaf", 3), ("+", 0, 1), ("*", 0, (2.5,)), ("neg", 4), ("+=", 2, (1,)), ("backward", 6),
    ("update", 0, 0.1)

    With `keep`, the last use of any other node is written as `~node`. After that step the driver
    drops the node, so that only the engine holds it, as when the program runs by itself.
    """
    wire = [list(encode_step(step)) for step in graph.steps]
    if keep is not None:
        used_later = set(keep)
        for step in reversed(wire):
            if step[0] == "leaf":
                continue
            for position in (2, 1):
                node = step[position] if position < len(step) else None
                if type(node) is not int or (step[0], position) == RATE:
                    continue
                if node not in used_later:
                    used_later.add(node)
                    step[position] = ~node
    return tuple(map(tuple, wire))


def encode_step(step: Step) -> Iterator[Any]:
    """Yields the operation of a step, then its numbers and nodes."""
    match step:
        case Leaf(number=number):
            yield from ("leaf", number)
        case Backward(node=node):
            yield from ("backward", node)
        case Update(node=node, rate=rate):
            yield from ("update", node, rate)
        case Apply(operation=operation, operands=operands):
            yield operation
            for operand in operands:
                yield (operand.number,) if isinstance(operand, Constant) else operand
