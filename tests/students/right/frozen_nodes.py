# style: immutable nodes; backward() changes nothing and returns the gradients of all nodes in a dictionary
# design: frozen dataclass with edges / stack with None as the leaving mark, reversed tuple /
#   dictionary by node, returned
"""Functional autograd: nodes are frozen dataclasses and gradients are not part of the graph.

    gradients = loss.backward()
    gradients[w]
"""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Mapping, NamedTuple, Union


class Edge(NamedTuple):
    source: Variable
    slope: float


@dataclass(frozen=True, eq=False)
class Variable:
    value: float
    edges: tuple[Edge, ...] = ()

    @property
    def order(self) -> tuple[Variable, ...]:
        """This node, then every node before its sources."""
        postorder: list[Variable] = []
        entered: set[Variable] = set()
        stack: list[Variable | None] = [self]
        path: list[Variable] = []
        while stack:
            node = stack.pop()
            if node is None:
                postorder.append(path.pop())
            elif node not in entered:
                entered.add(node)
                path.append(node)
                stack.append(None)
                stack.extend(edge.source for edge in node.edges)
        return tuple(reversed(postorder))

    def backward(self) -> Mapping[Variable, float]:
        gradients = dict.fromkeys(self.order, 0.0)
        gradients[self] = 1.0
        for node in gradients:
            for source, slope in node.edges:
                gradients[source] += slope * gradients[node]
        return gradients

    def __add__(self, other: Operand) -> Variable:
        other = lift(other)
        return Variable(self.value + other.value, (Edge(self, 1.0), Edge(other, 1.0)))

    def __sub__(self, other: Operand) -> Variable:
        other = lift(other)
        return Variable(self.value - other.value, (Edge(self, 1.0), Edge(other, -1.0)))

    def __mul__(self, other: Operand) -> Variable:
        other = lift(other)
        return Variable(self.value * other.value, (Edge(self, other.value), Edge(other, self.value)))

    def __truediv__(self, other: Operand) -> Variable:
        other = lift(other)
        inverse = 1.0 / other.value
        return Variable(
            self.value * inverse,
            (Edge(self, inverse), Edge(other, -self.value * inverse * inverse)),
        )

    def __pow__(self, other: Operand) -> Variable:
        if isinstance(other, Variable):
            return (self.log() * other).exp()
        slope = other * self.value ** (other - 1) if other else 0.0
        return Variable(self.value**other, (Edge(self, slope),))

    def __neg__(self) -> Variable:
        return Variable(-self.value, (Edge(self, -1.0),))

    def __abs__(self) -> Variable:
        return Variable(abs(self.value), (Edge(self, math.copysign(1.0, self.value)),))

    def __radd__(self, other: float) -> Variable:
        return lift(other) + self

    def __rsub__(self, other: float) -> Variable:
        return lift(other) - self

    def __rmul__(self, other: float) -> Variable:
        return lift(other) * self

    def __rtruediv__(self, other: float) -> Variable:
        return lift(other) / self

    def __rpow__(self, other: float) -> Variable:
        return (math.log(other) * self).exp()

    def _map(self, value: float, slope: float) -> Variable:
        return Variable(value, (Edge(self, slope),))

    def exp(self) -> Variable:
        return self._map(math.exp(self.value), math.exp(self.value))

    def log(self) -> Variable:
        return self._map(math.log(self.value), 1.0 / self.value)

    def tanh(self) -> Variable:
        t = math.tanh(self.value)
        return self._map(t, (1.0 + t) * (1.0 - t))

    def sigmoid(self) -> Variable:
        s = 1.0 / (1.0 + math.exp(-self.value))
        return self._map(s, s * (1.0 - s))

    def relu(self) -> Variable:
        return self._map(max(self.value, 0.0), 1.0 if self.value > 0.0 else 0.0)

    def sin(self) -> Variable:
        return self._map(math.sin(self.value), math.cos(self.value))

    def cos(self) -> Variable:
        return self._map(math.cos(self.value), -math.sin(self.value))

    def sqrt(self) -> Variable:
        root = math.sqrt(self.value)
        return self._map(root, 0.5 / root)


Operand = Union[Variable, float]


def lift(x: Operand) -> Variable:
    return x if isinstance(x, Variable) else Variable(x)
