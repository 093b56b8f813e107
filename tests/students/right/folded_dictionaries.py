# style: no mutation in the pass: functools.reduce over the order, merging dictionaries with |
# design: dataclass with list of inputs / reduce over dictionaries, reversed / dictionaries merged
#   with |
from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field


@dataclass(eq=False)
class Value:
    data: float
    inputs: list[tuple[Value, float]] = field(default_factory=list, repr=False)
    grad: float = 0.0

    def backward(self) -> None:
        def order(done: dict[Value, None], node: Value) -> dict[Value, None]:
            if node in done:
                return done
            before = functools.reduce(order, (operand for operand, _ in node.inputs), done)
            return before | {node: None}

        def send(grads: dict[Value, float], node: Value) -> dict[Value, float]:
            def give(sums: dict[Value, float], edge: tuple[Value, float]) -> dict[Value, float]:
                operand, slope = edge
                return sums | {operand: sums.get(operand, 0.0) + slope * grads[node]}

            return functools.reduce(give, node.inputs, grads)

        for node, grad in functools.reduce(send, reversed(order({}, self)), {self: 1.0}).items():
            node.grad += grad

    @staticmethod
    def lift(x: Value | float) -> Value:
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, [(self, 1), (other, 1)])

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def __pow__(self, other):
        if not isinstance(other, Value):
            return Value(self.data**other, [(self, other * self.data ** (other - 1) if other else 0)])
        result = self.data**other.data
        return Value(
            result,
            [(self, other.data * self.data ** (other.data - 1)), (other, result * math.log(self.data))],
        )

    def __sub__(self, other):
        return self + Value.lift(other) * -1

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return Value.lift(other) + self

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rmul__(self, other):
        return Value.lift(other) * self

    def __rtruediv__(self, other):
        return Value.lift(other) / self

    def __rpow__(self, other):
        return Value.lift(other) ** self

    def __abs__(self):
        return Value(abs(self.data), [(self, math.copysign(1, self.data))])

    def relu(self):
        return Value(max(0.0, self.data), [(self, float(self.data > 0))])

    def tanh(self):
        return Value(math.tanh(self.data), [(self, 1 - math.tanh(self.data) ** 2)])

    def exp(self):
        return Value(math.exp(self.data), [(self, math.exp(self.data))])

    def log(self):
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def sigmoid(self):
        return Value.lift(1) / (1 + (self * -1).exp())

    def sin(self):
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self):
        return Value(math.cos(self.data), [(self, -math.sin(self.data))])

    def sqrt(self):
        return self**0.5
