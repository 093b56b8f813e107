# style: dataclass nodes and a module-level backward(root); functions of the module, not methods
# design: dataclass with inputs and pull / recursive function of the module, set of ids, reversed
#   iterator / pull returns parts, +=
from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Number = float | int


@dataclass(eq=False)
class Node:
    """One scalar of the graph. eq=False, because two nodes of value 3 are still two nodes."""

    value: Number
    gradient: float = field(default=0.0, init=False)
    inputs: list[Node] = field(default_factory=list, repr=False)
    pull: Callable[[float], tuple[float, ...]] | None = field(default=None, repr=False)

    def __add__(self, other: Node | Number) -> Node:
        a, b = self, as_node(other)
        return Node(a.value + b.value, [a, b], lambda g: (g, g))

    def __sub__(self, other: Node | Number) -> Node:
        a, b = self, as_node(other)
        return Node(a.value - b.value, [a, b], lambda g: (g, -g))

    def __mul__(self, other: Node | Number) -> Node:
        a, b = self, as_node(other)
        return Node(a.value * b.value, [a, b], lambda g: (g * b.value, g * a.value))

    def __truediv__(self, other: Node | Number) -> Node:
        a, b = self, as_node(other)
        return Node(
            a.value / b.value, [a, b], lambda g: (g / b.value, -g * a.value / (b.value * b.value))
        )

    def __pow__(self, exponent: Node | Number) -> Node:
        if isinstance(exponent, Node):
            return exp(log(self) * exponent)
        a, n = self, exponent
        return Node(a.value**n, [a], lambda g: (g * n * a.value ** (n - 1) if n else 0.0,))

    def __neg__(self) -> Node:
        return Node(-self.value, [self], lambda g: (-g,))

    def __abs__(self) -> Node:
        return Node(abs(self.value), [self], lambda g: (math.copysign(g, g * self.value),))

    def __radd__(self, other: Number) -> Node:
        return as_node(other) + self

    def __rsub__(self, other: Number) -> Node:
        return as_node(other) - self

    def __rmul__(self, other: Number) -> Node:
        return as_node(other) * self

    def __rtruediv__(self, other: Number) -> Node:
        return as_node(other) / self

    def __rpow__(self, other: Number) -> Node:
        return exp(self * math.log(other))


def as_node(x: Node | Number) -> Node:
    return x if isinstance(x, Node) else Node(x)


def exp(x: Node) -> Node:
    y = math.exp(x.value)
    return Node(y, [x], lambda g: (g * y,))


def log(x: Node) -> Node:
    return Node(math.log(x.value), [x], lambda g: (g / x.value,))


def tanh(x: Node) -> Node:
    y = math.tanh(x.value)
    return Node(y, [x], lambda g: (g * (1 - y * y),))


def sigmoid(x: Node) -> Node:
    y = 1 / (1 + math.exp(-x.value))
    return Node(y, [x], lambda g: (g * y * (1 - y),))


def relu(x: Node) -> Node:
    return Node(max(x.value, 0.0), [x], lambda g: (g if x.value > 0 else 0.0,))


def sin(x: Node) -> Node:
    return Node(math.sin(x.value), [x], lambda g: (g * math.cos(x.value),))


def cos(x: Node) -> Node:
    return Node(math.cos(x.value), [x], lambda g: (-g * math.sin(x.value),))


def sqrt(x: Node) -> Node:
    y = math.sqrt(x.value)
    return Node(y, [x], lambda g: (g / (2 * y),))


def topological(root: Node) -> Iterator[Node]:
    """Outputs before inputs."""
    order: list[Node] = []
    seen: set[int] = set()

    def visit(node: Node) -> None:
        if id(node) not in seen:
            seen.add(id(node))
            for one in node.inputs:
                visit(one)
            order.append(node)

    visit(root)
    return reversed(order)


def backward(root: Node) -> None:
    root.gradient = 1.0
    for node in topological(root):
        if node.pull is not None:
            for one, g in zip(node.inputs, node.pull(node.gradient)):
                one.gradient += g
