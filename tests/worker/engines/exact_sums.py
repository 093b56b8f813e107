"""Gathers the contributions to each node and sums them exactly, once, in a recursive pull."""

from __future__ import annotations

import math
from typing import Any

from tests.worker.engines.plain import OPERATIONS, Plain


class ExactSums(Plain):
    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.parents: list[tuple[ExactSums, float]] = []
        self.operands: list[ExactSums] = []

    def apply(self, operation: str, *others: Any) -> ExactSums:
        operands = [self, *(self.lift(other) for other in others)]
        number, slopes = OPERATIONS[operation](*(operand.data for operand in operands))
        out = ExactSums(number)
        out.operands = operands
        for operand, slope in zip(operands, slopes, strict=True):
            operand.parents.append((out, slope))
        return out

    def backward(self) -> None:
        found: dict[ExactSums, float] = {self: 1.0}
        reached: list[ExactSums] = [self]
        for node in reached:
            reached += [operand for operand in node.operands if operand not in reached]
        for node in reached:
            node.grad = node._pull(found, set(reached))

    def _pull(self, found: dict[ExactSums, float], reached: set[ExactSums]) -> float:
        if self not in found:
            found[self] = math.fsum(
                slope * parent._pull(found, reached)
                for parent, slope in self.parents
                if parent in reached
            )
        return found[self]
