"""Engines right in all but the operations that a test puts in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.engines.plain import OPERATIONS, Answer, Plain


def alter(replaced: dict[str, Callable[..., Answer]]) -> type[Plain]:
    """An engine in which these operations give another number, or another slope by an operand."""
    table = {**OPERATIONS, **replaced}

    class Altered(Plain):
        def __init__(self, data: float, *edges: tuple[Altered, float]) -> None:
            super().__init__(data)
            self.edges = edges

        def apply(self, operation: str, *others: Any) -> Altered:
            operands = [self, *(self.lift(other) for other in others)]
            number, slopes = table[operation](*(operand.data for operand in operands))
            return Altered(number, *zip(operands, slopes, strict=True))

        def backward(self, incoming: float = 1.0) -> None:
            self.grad += incoming
            for operand, slope in self.edges:
                operand.backward(incoming * slope)

    return Altered
