"""Forward mode: every node carries its derivative by each node before it."""

from __future__ import annotations

from typing import Any

from tests.worker.engines.plain import OPERATIONS, Plain


class Dual(Plain):
    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.tangents: dict[Dual, float] = {self: 1.0}

    def apply(self, operation: str, *others: Any) -> Dual:
        operands = [self, *(self.lift(other) for other in others)]
        number, slopes = OPERATIONS[operation](*(operand.data for operand in operands))
        out = Dual(number)
        for operand, slope in zip(operands, slopes, strict=True):
            for node, tangent in operand.tangents.items():
                out.tangents[node] = out.tangents.get(node, 0.0) + slope * tangent
        return out

    def backward(self) -> None:
        for node, tangent in self.tangents.items():
            node.grad += tangent
