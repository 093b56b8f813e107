"""Path by path: each node passes what has just come in straight on, once for every path."""

from __future__ import annotations

from typing import Any

from tests.worker.engines.plain import OPERATIONS, Plain


class Paths(Plain):
    edges: tuple[tuple[Paths, float], ...] = ()

    def apply(self, operation: str, *others: Any) -> Paths:
        operands = [self, *(self.lift(other) for other in others)]
        number, slopes = OPERATIONS[operation](*(operand.data for operand in operands))
        out = Paths(number)
        out.edges = tuple(zip(operands, slopes, strict=True))
        return out

    def backward(self, incoming: float = 1.0) -> None:
        self.grad += incoming
        for operand, slope in self.edges:
            operand.backward(incoming * slope)
