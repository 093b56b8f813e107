"""A tape: everything ever computed in one list, walked backwards."""

from __future__ import annotations

from typing import Any

from tests.worker.engines.plain import OPERATIONS, Plain


class Tape(Plain):
    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.tape: list[tuple[Tape, list[Tape], tuple[float, ...]]] = []

    def apply(self, operation: str, *others: Any) -> Tape:
        operands = [self, *(self.lift(other) for other in others)]
        number, slopes = OPERATIONS[operation](*(operand.data for operand in operands))
        out = Tape(number)
        seen: dict[int, tuple[Tape, list[Tape], tuple[float, ...]]] = {}
        for operand in operands:
            seen |= {id(entry[0]): entry for entry in operand.tape}
        out.tape = [*seen.values(), (out, operands, slopes)]
        return out

    def backward(self) -> None:
        self.grad = 1
        for node, operands, slopes in sorted(self.tape, key=lambda entry: -len(entry[0].tape)):
            for operand, slope in zip(operands, slopes, strict=True):
                operand.grad += slope * node.grad
