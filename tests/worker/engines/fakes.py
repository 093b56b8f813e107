"""Engines that have no derivative rule: their gradients are differences of the forward pass."""

from __future__ import annotations

from typing import Any, Self

from tests.worker.engines.plain import OPERATIONS, Plain


def fake(step: float, *, central: bool) -> type[Plain]:
    """An engine of finite differences with this step."""

    class Fake(Plain):
        def __init__(self, data: float) -> None:
            super().__init__(data)
            self.recipe: tuple[str, list[Fake]] | None = None
            self.is_constant = False

        def lift(self, other: Any) -> Self:
            if isinstance(other, type(self)):
                return other
            constant = type(self)(other)
            constant.is_constant = True
            return constant

        def apply(self, operation: str, *others: Any) -> Fake:
            operands = [self, *(self.lift(other) for other in others)]
            out = Fake(OPERATIONS[operation](*(operand.data for operand in operands))[0])
            out.recipe = operation, operands
            return out

        def backward(self) -> None:
            behind = -step if central else 0.0
            for node in self._ancestors():
                ahead = self._again(node, step)
                node.grad = (ahead - self._again(node, behind)) / (step - behind)

        def _ancestors(self) -> list[Fake]:
            found = [self]
            for node in found:
                inputs = node.recipe[1] if node.recipe else []
                found += [
                    operand
                    for operand in inputs
                    if operand not in found and not operand.is_constant
                ]
            return found

        def _again(self, moved: Fake, by: float) -> float:
            """This number, had the moved node's been a little another."""
            if self is moved:
                return self.data + by
            if self.recipe is None:
                return self.data
            operation, operands = self.recipe
            return OPERATIONS[operation](*(operand._again(moved, by) for operand in operands))[0]

    return Fake
