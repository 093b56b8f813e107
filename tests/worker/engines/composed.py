"""Two primitives and a few functions; all the rest is composed of them and differentiated so."""

from __future__ import annotations

import math
from typing import Any

from tests.worker.engines.arithmetic import Arithmetic


class Composed(Arithmetic):
    def __init__(self, data: float, children: list[tuple[Composed, float]] | None = None) -> None:
        super().__init__(float(data))
        self.children = children or []
        self.waiting = 0

    def __add__(self, other: Any) -> Composed:
        other = self.lift(other)
        return Composed(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other: Any) -> Composed:
        other = self.lift(other)
        return Composed(self.data * other.data, [(self, other.data), (other, self.data)])

    def __neg__(self) -> Composed:
        return Composed(0) + self * Composed(-1)

    def __sub__(self, other: Any) -> Composed:
        difference: Composed = self.lift(other) + -self
        return -difference

    def _invert(self) -> Composed:
        return Composed(1 / self.data, [(self, -1 / (self.data * self.data))])

    def __truediv__(self, other: Any) -> Composed:
        return self * self.lift(other)._invert()

    def __pow__(self, other: Any) -> Composed:
        if isinstance(other, Composed) or not float(other).is_integer():
            exponent: Composed = self.log() * other
            return exponent.exp()
        if other == 0:
            return self * 0 + 1
        out = self * 1  # a node of its own, also for the power 1
        for _ in range(abs(int(other)) - 1):
            out = out * self
        return out if other > 0 else out._invert()

    def exp(self) -> Composed:
        e = math.exp(self.data)
        return Composed(e, [(self, e)])

    def log(self) -> Composed:
        return Composed(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self) -> Composed:
        e = (self * 2).exp()
        return (e - 1) / (e + 1)

    def sigmoid(self) -> Composed:
        e = self.exp()
        return e / (e + 1)

    def relu(self) -> Composed:
        return (self + abs(self)) * 0.5

    def sin(self) -> Composed:
        return Composed(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self) -> Composed:
        return (self + math.pi / 2).sin()

    def sqrt(self) -> Composed:
        return (self.log() * 0.5).exp()

    def __abs__(self) -> Composed:
        return self * (1 if self.data > 0 else -1)

    abs = __abs__

    def backward(self) -> None:
        """Kahn's order: a node is ready once every use of it has passed its gradient on."""
        self._count_uses()
        self.grad += 1
        ready = [self]
        while ready:
            node = ready.pop()
            for child, slope in node.children:
                child.grad += slope * node.grad
                child.waiting -= 1
                if child.waiting == 0:
                    ready.append(child)

    def _count_uses(self) -> None:
        stack, seen = [self], {self}
        while stack:
            for child, _ in stack.pop().children:
                child.waiting += 1
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
