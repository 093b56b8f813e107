"""Every function by exponentials of a rounded e, division and roots by powers; edges in a list."""

from __future__ import annotations

import math
from typing import Any

from tests.worker.engines.arithmetic import Arithmetic

E = 2.718281828459045


class Exponentials(Arithmetic):
    def __init__(self, data: float, *edges: tuple[Exponentials, float]) -> None:
        super().__init__(data)
        self.edges = edges

    def __add__(self, other: Any) -> Exponentials:
        other = self.lift(other)
        return Exponentials(self.data + other.data, (other, 1), (self, 1))

    def __sub__(self, other: Any) -> Exponentials:
        other = self.lift(other)
        return Exponentials(self.data + other.data * -1, (other, -1), (self, 1))

    def __neg__(self) -> Exponentials:
        return Exponentials(0 - self.data, (self, -1))

    def __mul__(self, other: Any) -> Exponentials:
        other = self.lift(other)
        return Exponentials(self.data * other.data, (other, self.data), (self, other.data))

    def __truediv__(self, other: Any) -> Exponentials:
        other = self.lift(other)
        inverse = other.data**-1
        slope = -self.data * other.data**-2
        return Exponentials(self.data * inverse, (other, slope), (self, inverse))

    def __pow__(self, other: Any) -> Exponentials:
        if not isinstance(other, Exponentials):
            return Exponentials(_power(self.data, other), (self, self._slope(other)))
        out = _power(self.data, other.data)
        slope = out * math.log(self.data)
        return Exponentials(out, (other, slope), (self, self._slope(other.data)))

    def _slope(self, power: float) -> float:
        return power * _power(self.data, power - 1)

    def tanh(self) -> Exponentials:
        up, down = E**self.data, E**-self.data
        return Exponentials((up - down) / (up + down), (self, 4 / (up + down) ** 2))

    def exp(self) -> Exponentials:
        return Exponentials(E**self.data, (self, math.e**self.data))

    def log(self) -> Exponentials:
        return Exponentials(math.log2(self.data) / math.log2(math.e), (self, self.data**-1))

    def relu(self) -> Exponentials:
        return Exponentials((self.data + abs(self.data)) / 2, (self, (self.data > 0) * 1.0))

    def sigmoid(self) -> Exponentials:
        e = E**self.data
        return Exponentials(e / (1 + e), (self, e / (1 + e) ** 2))

    def sin(self) -> Exponentials:
        shifted = math.sin(self.data + math.pi / 2)
        return Exponentials(math.cos(self.data - math.pi / 2), (self, shifted))

    def cos(self) -> Exponentials:
        return Exponentials(math.sin(self.data + math.pi / 2), (self, -math.sin(self.data)))

    def sqrt(self) -> Exponentials:
        return self**0.5

    def __abs__(self) -> Exponentials:
        return Exponentials((self.data**2) ** 0.5, (self, self.data / math.sqrt(self.data**2)))

    abs = __abs__

    def backward(self) -> None:
        order: list[Exponentials] = []
        seen: set[int] = set()
        stack = [(self, False)]
        while stack:
            node, is_done = stack.pop()
            if is_done:
                order.append(node)
            elif id(node) not in seen:
                seen.add(id(node))
                stack.append((node, True))
                stack += [(child, False) for child, _ in node.edges]
        self.grad = 1.0
        for node in reversed(order):
            for child, slope in node.edges:
                child.grad += node.grad * slope


def _power(base: float, exponent: float) -> float:
    """By logarithms where that can be, by the library elsewhere."""
    if base > 0:
        return math.exp(exponent * math.log(base))
    return float(base**exponent)
