# style: expressions are dataclasses (Add, Mul, Apply), rules come by functools.singledispatch
# design: number or an expression, evaluated at once / Kahn, Counter of degrees, deque / += of
#   slopes by singledispatch
"""The expression is data, and knows nothing of derivatives. `value` and `slopes` are generic functions."""
from __future__ import annotations

import math
from collections import Counter, deque
from dataclasses import dataclass
from functools import singledispatch


@dataclass(frozen=True, eq=False)
class Leaf:
    number: float


@dataclass(frozen=True, eq=False)
class Add:
    a: Value
    b: Value


@dataclass(frozen=True, eq=False)
class Mul:
    a: Value
    b: Value


@dataclass(frozen=True, eq=False)
class Pow:
    a: Value
    b: Value


@dataclass(frozen=True, eq=False)
class Apply:
    name: str
    a: Value


def operands(e):
    return [getattr(e, part) for part in ("a", "b") if hasattr(e, part)]


@singledispatch
def value(e):
    return e.number


@singledispatch
def slopes(e, y):
    return []


@value.register
def _(e: Add):
    return e.a.data + e.b.data


@slopes.register
def _(e: Add, y):
    return [1.0, 1.0]


@value.register
def _(e: Mul):
    return e.a.data * e.b.data


@slopes.register
def _(e: Mul, y):
    return [e.b.data, e.a.data]


@value.register
def _(e: Pow):
    return e.a.data ** e.b.data


@slopes.register
def _(e: Pow, y):
    base, n = e.a.data, e.b.data
    by_exponent = math.log(base) * y if base > 0 else 0.0
    return [n * base ** (n - 1) if n else 0.0, by_exponent]


NAMED = {
    "tanh": (math.tanh, lambda x, y: 1 - y * y),
    "exp": (math.exp, lambda x, y: y),
    "log": (math.log, lambda x, y: 1 / x),
    "relu": (lambda x: x * (x > 0), lambda x, y: 1.0 * (x > 0)),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), lambda x, y: y * (1 - y)),
    "sin": (math.sin, lambda x, y: math.cos(x)),
    "cos": (math.cos, lambda x, y: -math.sin(x)),
    "sqrt": (math.sqrt, lambda x, y: 1 / (2 * y)),
    "abs": (abs, lambda x, y: 1.0 if x > 0 else -1.0),
}


@value.register
def _(e: Apply):
    return NAMED[e.name][0](e.a.data)


@slopes.register
def _(e: Apply, y):
    return [NAMED[e.name][1](e.a.data, y)]


class Value:
    def __init__(self, data):
        self.expression = data if not isinstance(data, (int, float)) else Leaf(data)
        self.data = value(self.expression)
        self.grad = 0.0

    def backward(self):
        indegree = Counter()
        found = {self}
        queue = deque(found)
        while queue:
            for child in operands(queue.popleft().expression):
                indegree[child] += 1
                if child not in found:
                    found.add(child)
                    queue.append(child)
        self.grad = 1.0
        queue.append(self)
        while queue:
            node = queue.popleft()
            for child, slope in zip(operands(node.expression), slopes(node.expression, node.data)):
                child.grad += slope * node.grad
                indegree[child] -= 1
                if indegree[child] == 0:
                    queue.append(child)

    def __add__(self, other):
        return Value(Add(self, lift(other)))

    def __radd__(self, other):
        return Value(Add(lift(other), self))

    def __mul__(self, other):
        return Value(Mul(self, lift(other)))

    def __rmul__(self, other):
        return Value(Mul(lift(other), self))

    def __pow__(self, other):
        return Value(Pow(self, lift(other)))

    def __rpow__(self, other):
        return Value(Pow(lift(other), self))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + lift(other) * -1

    def __rsub__(self, other):
        return other + self * -1

    def __truediv__(self, other):
        return self * lift(other) ** -1

    def __rtruediv__(self, other):
        return other * self**-1

    def __abs__(self):
        return Value(Apply("abs", self))


for name in NAMED:
    setattr(Value, name, lambda self, name=name: Value(Apply(name, self)))


def lift(x):
    return x if isinstance(x, Value) else Value(x)
