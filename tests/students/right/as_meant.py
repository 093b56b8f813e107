# style: the text's own class put right: backwards(), children, a closure that is handed the gradient
# design: number, set of children, closure with an argument / recursive, set of nodes, reversed /
#   closure is given the gradient and adds
"""The Value class of the text, with the typing slips repaired and the missing operations added."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Optional, Union

Backwards = Callable[[float], None]
Number = Union[int, float]


def _noop_grad(_: float) -> None:
    pass


class Value:
    def __init__(
        self,
        data: float,
        children: Optional[set[Value]] = None,
        _backwards: Backwards = _noop_grad,
    ):
        self.data = data
        self.grad = 0.0
        self.children = set() if children is None else children
        self._backwards = _backwards

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    @staticmethod
    def _value(other: Union[Value, Number]) -> Value:
        return other if isinstance(other, Value) else Value(other)

    def __add__(self, other: Union[Value, Number]) -> Value:
        other = self._value(other)

        def _backward(grad_parent: float) -> None:
            self.grad += grad_parent
            other.grad += grad_parent

        return Value(self.data + other.data, children={self, other}, _backwards=_backward)

    def __mul__(self, other: Union[Value, Number]) -> Value:
        other = self._value(other)

        def _backward(grad_parent: float) -> None:
            self.grad += other.data * grad_parent
            other.grad += self.data * grad_parent

        return Value(self.data * other.data, children={self, other}, _backwards=_backward)

    def __pow__(self, n: Union[Value, Number]) -> Value:
        if isinstance(n, Value):
            return (n * self.log()).exp()

        def _backward(grad_parent: float) -> None:
            if n != 0:
                self.grad += n * self.data ** (n - 1) * grad_parent

        return Value(self.data**n, children={self}, _backwards=_backward)

    def __rpow__(self, c: Number) -> Value:
        power = c**self.data

        def _backward(grad_parent: float) -> None:
            self.grad += power * math.log(c) * grad_parent

        return Value(power, children={self}, _backwards=_backward)

    def __radd__(self, c: Number) -> Value:
        return self + c

    def __rmul__(self, c: Number) -> Value:
        return self * c

    def __neg__(self) -> Value:
        return self * (-1)

    def __sub__(self, other: Union[Value, Number]) -> Value:
        return self + (-self._value(other))

    def __rsub__(self, c: Number) -> Value:
        return self._value(c) + (-self)

    def __truediv__(self, other: Union[Value, Number]) -> Value:
        return self * self._value(other) ** (-1)

    def __rtruediv__(self, c: Number) -> Value:
        return self._value(c) * self ** (-1)

    def _apply(self, result: float, slope: float) -> Value:
        def _backward(grad_parent: float) -> None:
            self.grad += slope * grad_parent

        return Value(result, children={self}, _backwards=_backward)

    def tanh(self) -> Value:
        t = (math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)
        return self._apply(t, 1 - t**2)

    def exp(self) -> Value:
        e = math.exp(self.data)
        return self._apply(e, e)

    def log(self) -> Value:
        return self._apply(math.log(self.data), 1 / self.data)

    def relu(self) -> Value:
        return self._apply(max(0.0, self.data), 1.0 if self.data > 0 else 0.0)

    def sigmoid(self) -> Value:
        s = 1 / (1 + math.exp(-self.data))
        return self._apply(s, s * (1 - s))

    def sin(self) -> Value:
        return self._apply(math.sin(self.data), math.cos(self.data))

    def cos(self) -> Value:
        return self._apply(math.cos(self.data), -math.sin(self.data))

    def sqrt(self) -> Value:
        return self**0.5

    def __abs__(self) -> Value:
        return self._apply(abs(self.data), 1.0 if self.data > 0 else -1.0)

    def backwards(self) -> None:
        topo: list[Value] = []
        visited: set[Value] = set()

        def build(node: Value) -> None:
            if node not in visited:
                visited.add(node)
                for child in node.children:
                    build(child)
                topo.append(node)

        build(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backwards(node.grad)


if __name__ == "__main__":
    x1, x2, x4, x6 = Value(3), Value(4), Value(5), Value(2)
    L = (x1 * x2 + x4) * x6
    L.backwards()
    print(L, x1, x2, x4, x6)
