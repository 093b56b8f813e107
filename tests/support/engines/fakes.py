"""Engines that have no derivative rule: they run their forward pass again, a little moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Self

from tests.support.engines.plain import OPERATIONS, Plain
from tests.support.oracles import complex_step
from worker.reference.differences import LEVELS, Run, differentiate, extrapolate

Slope = Callable[[Callable[[float], float]], float]  # of a function of how far a node is moved


class Again(Plain):
    """Remembers what it was made of, so that it can be made once more of other numbers."""

    def __init__(self, data: float) -> None:
        super().__init__(data)
        self.recipe: tuple[str, list[Self]] | None = None
        self.is_constant = False

    def lift(self, other: Any) -> Self:
        if isinstance(other, type(self)):
            return other
        constant = type(self)(other)
        constant.is_constant = True
        return constant

    def apply(self, operation: str, *others: Any) -> Self:
        operands = [self, *(self.lift(other) for other in others)]
        out = type(self)(OPERATIONS[operation](*(operand.data for operand in operands))[0])
        out.recipe = operation, operands
        return out

    def ancestors(self) -> list[Self]:
        """The nodes that this one was made of, itself among them."""
        found = [self]
        for node in found:
            inputs = node.recipe[1] if node.recipe else []
            new = (one for one in inputs if one not in found and not one.is_constant)
            found += dict.fromkeys(new)
        return found

    def again(self, moved: Self, number: complex, compute: Callable[..., Any]) -> Any:
        """This node's number if the node `moved` had `number`. `compute` runs an operation."""
        known: dict[int, Any] = {id(moved): number}

        def find(node: Self) -> Any:
            if id(node) not in known:
                operation, operands = node.recipe or ("", [])
                inputs = list(map(find, operands))
                known[id(node)] = compute(operation, *inputs) if operation else node.data
            return known[id(node)]

        return find(self)


def _on_floats(operation: str, *operands: float) -> float:
    return OPERATIONS[operation](*operands)[0]


def _on_complex(operation: str, *operands: complex) -> complex:
    return complex_step.OPERATIONS[operation](*map(complex, operands))


def fake(slope: Slope) -> type[Again]:
    """An engine whose gradients are what `slope` makes of its forward pass."""

    class Fake(Again):
        def backward(self) -> None:
            for node in self.ancestors():
                node.grad = slope(partial(self._move, node))

        def _move(self, node: Fake, by: float) -> float:
            return float(self.again(node, node.data + by, _on_floats))

    return Fake


def forward(step: float) -> Slope:
    return lambda f: (f(step) - f(0)) / step


def central(step: float) -> Slope:
    return lambda f: (f(step) - f(-step)) / (2 * step)


def extrapolated(step: float) -> Slope:
    """Richardson's extrapolation of central differences at a step and at half of it."""
    wide, narrow = central(step), central(step / 2)
    return lambda f: (4 * narrow(f) - wide(f)) / 3


def five_points(step: float) -> Slope:
    """As textbooks print it, to the fourth order."""
    return lambda f: (f(-2 * step) - 8 * f(-step) + 8 * f(step) - f(2 * step)) / (12 * step)


def four_steps(step: float) -> Slope:
    """The best of textbooks: four central differences, extrapolated to the eighth order."""
    slopes = [central(step / 2**level) for level in range(LEVELS)]
    return lambda f: extrapolate([slope(f) for slope in slopes], [0.0] * LEVELS).derivative


def ridders(f: Callable[[float], float]) -> float:
    """Differences that choose their steps themselves, as well as we can."""
    return differentiate(lambda by: Run(f(by), ()), 0.0).derivative


class ComplexStep(Again):
    """No fake: its gradients are right, by another way than the chain rule."""

    def backward(self) -> None:
        for node in self.ancestors():
            moved = self.again(node, complex(node.data, complex_step.STEP), _on_complex)
            node.grad = moved.imag / complex_step.STEP
