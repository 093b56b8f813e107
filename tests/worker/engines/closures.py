"""micrograd's design: closures, a set of children, a recursive order; ints stay ints."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.worker.engines.arithmetic import Arithmetic


class Closures(Arithmetic):
    def __init__(self, data: float, children: tuple[Closures, ...] = ()) -> None:
        super().__init__(data)
        self._prev = set(children)
        self._backward: Callable[[], None] = lambda: None

    def __add__(self, other: Any) -> Closures:
        other = self.lift(other)
        out = Closures(self.data + other.data, (self, other))

        def _backward() -> None:
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other: Any) -> Closures:
        other = self.lift(other)
        out = Closures(self.data * other.data, (self, other))

        def _backward() -> None:
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other: Any) -> Closures:
        if isinstance(other, Closures):
            return (self.log() * other).exp()
        return self._chain(self.data**other, lambda: other * self.data ** (other - 1))

    def __rpow__(self, other: float) -> Closures:
        return (self * math.log(other)).exp()

    def __neg__(self) -> Closures:
        return self * -1

    def __sub__(self, other: Any) -> Closures:
        return self + -self.lift(other)

    def __truediv__(self, other: Any) -> Closures:
        inverse: Closures = self.lift(other) ** -1
        return self * inverse

    def _chain(self, data: float, slope: Callable[[], float]) -> Closures:
        out = Closures(data, (self,))

        def _backward() -> None:
            self.grad += slope() * out.grad

        out._backward = _backward
        return out

    def tanh(self) -> Closures:
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        return self._chain(t, lambda: 1 - t**2)

    def exp(self) -> Closures:
        e = math.exp(self.data)
        return self._chain(e, lambda: e)

    def log(self) -> Closures:
        return self._chain(math.log(self.data), lambda: 1 / self.data)

    def relu(self) -> Closures:
        return self._chain(max(0, self.data), lambda: float(self.data > 0))

    def sigmoid(self) -> Closures:
        s = 1 / (1 + math.exp(-self.data))
        return self._chain(s, lambda: s * (1 - s))

    def sin(self) -> Closures:
        return self._chain(math.sin(self.data), lambda: math.cos(self.data))

    def cos(self) -> Closures:
        return self._chain(math.cos(self.data), lambda: -math.sin(self.data))

    def sqrt(self) -> Closures:
        return self**0.5

    def __abs__(self) -> Closures:
        return self._chain(abs(self.data), lambda: 1 if self.data > 0 else -1)

    abs = __abs__

    def backward(self) -> None:
        topo: list[Closures] = []
        visited: set[Closures] = set()

        def build(node: Closures) -> None:
            if node not in visited:
                visited.add(node)
                for child in node._prev:
                    build(child)
                topo.append(node)

        build(self)
        self.grad = 1
        for node in reversed(topo):
            node._backward()
