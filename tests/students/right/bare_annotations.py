# style: annotations that name the class in its own body, which only newer Pythons put off
# design: number, list of pairs or None / recursive, lists joined, reversed by a slice / sums reset
#   first, then +=
"""Works with Python 3.14, where annotations are not evaluated any more. No quotes needed!"""

import math


class Value:
    data: float
    grad: float
    parents: list[tuple[Value, float]]

    def __init__(self, data: float, parents: list[tuple[Value, float]] | None = None) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents or []

    def __add__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])
        return Value(self.data + other, [(self, 1.0)])

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return self + other * -1

    def __rsub__(self, other: float) -> Value:
        return self * -1 + other

    def __mul__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return Value(self.data * other.data, [(self, other.data), (other, self.data)])
        return Value(self.data * other, [(self, other)])

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        if isinstance(other, Value):
            return self * other**-1
        return self * (1 / other)

    def __rtruediv__(self, other: float) -> Value:
        return self**-1 * other

    def __pow__(self, n: float) -> Value:
        assert isinstance(n, int | float), "only numbers as exponents"
        slope = n * self.data ** (n - 1) if n != 0 else 0.0
        return Value(self.data**n, [(self, slope)])

    def __rpow__(self, base: float) -> Value:
        return (self * math.log(base)).exp()

    def __neg__(self) -> Value:
        return self * -1

    def __abs__(self) -> Value:
        return self.relu() + (-self).relu()

    def relu(self) -> Value:
        return Value(max(self.data, 0.0), [(self, 1.0 if self.data > 0 else 0.0)])

    def exp(self) -> Value:
        e = math.exp(self.data)
        return Value(e, [(self, e)])

    def log(self) -> Value:
        return Value(math.log(self.data), [(self, 1 / self.data)])

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, [(self, 1 - t * t)])

    def sigmoid(self) -> Value:
        return 1 / ((-self).exp() + 1)

    def sin(self) -> Value:
        return Value(math.sin(self.data), [(self, math.cos(self.data))])

    def cos(self) -> Value:
        return Value(math.cos(self.data), [(self, -math.sin(self.data))])

    def sqrt(self) -> Value:
        r = math.sqrt(self.data)
        return Value(r, [(self, 1 / (2 * r))])

    def topological_order(self, seen: set[Value] | None = None) -> list[Value]:
        seen = set() if seen is None else seen
        seen.add(self)
        order: list[Value] = []
        for parent, _ in self.parents:
            if parent not in seen:
                order += parent.topological_order(seen)
        return [*order, self]

    def backward(self) -> None:
        order: list[Value] = self.topological_order()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in order[::-1]:
            for parent, slope in node.parents:
                parent.grad += slope * node.grad


def loss(predictions: list[Value], targets: list[float]) -> Value:
    total: Value = sum((p - t) ** 2 for p, t in zip(predictions, targets))
    return total
