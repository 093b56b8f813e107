"""The reference autograd engine: a scalar `Value` with the derivative of each operation.

A node keeps its operands and its partial derivatives by them. Numbers follow IEEE 754: an overflow
gives inf and an undefined result nan. There is no exception, so that a comparison can report it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from worker.graph import Backward, Constant, Graph, Leaf, Number, Update
from worker.reference import floats

ENGINE_VERSION = "1"


class Value:
    """A number, and the derivative of the outputs by it."""

    __slots__ = ("data", "grad", "operands", "partials")

    def __init__(
        self,
        data: Number,
        operands: tuple[Value, ...] = (),
        partials: tuple[float, ...] = (),
    ) -> None:
        self.data = float(data)
        self.grad = 0.0
        self.operands = operands
        self.partials = partials

    def __repr__(self) -> str:
        return f"Value(data={self.data}, grad={self.grad})"

    def __add__(self, other: Value | Number) -> Value:
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1.0, 1.0))
        return Value(self.data + other, (self,), (1.0,))

    __radd__ = __add__

    def __mul__(self, other: Value | Number) -> Value:
        if isinstance(other, Value):
            return Value(self.data * other.data, (self, other), (other.data, self.data))
        return Value(self.data * other, (self,), (float(other),))

    __rmul__ = __mul__

    def __neg__(self) -> Value:
        return Value(-self.data, (self,), (-1.0,))

    def __sub__(self, other: Value | Number) -> Value:
        if isinstance(other, Value):
            return Value(self.data - other.data, (self, other), (1.0, -1.0))
        return Value(self.data - other, (self,), (1.0,))

    def __rsub__(self, other: Number) -> Value:
        return Value(other - self.data, (self,), (-1.0,))

    def __truediv__(self, other: Value | Number) -> Value:
        if not isinstance(other, Value):
            return Value(floats.divide(self.data, other), (self,), (floats.divide(1, other),))
        quotient = floats.divide(self.data, other.data)
        by_other = -floats.divide(quotient, other.data)
        return Value(quotient, (self, other), (floats.divide(1, other.data), by_other))

    def __rtruediv__(self, other: Number) -> Value:
        quotient = floats.divide(other, self.data)
        return Value(quotient, (self,), (-floats.divide(quotient, self.data),))

    def __pow__(self, other: Value | Number) -> Value:
        if not isinstance(other, Value):
            return Value(
                floats.power(self.data, other), (self,), (differentiate_power(self.data, other),)
            )
        result = floats.power(self.data, other.data)
        by_base = differentiate_power(self.data, other.data)
        by_exponent = differentiate_by_exponent(self.data, other.data)
        return Value(result, (self, other), (by_base, by_exponent))

    def __rpow__(self, other: Number) -> Value:
        result = floats.power(other, self.data)
        return Value(result, (self,), (differentiate_by_exponent(other, self.data),))

    def tanh(self) -> Value:
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def exp(self) -> Value:
        e = floats.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self) -> Value:
        return Value(floats.log(self.data), (self,), (floats.divide(1, self.data),))

    def relu(self) -> Value:
        return Value(floats.relu(self.data), (self,), (1.0 if self.data > 0 else 0.0,))

    def sigmoid(self) -> Value:
        s = floats.sigmoid(self.data)
        return Value(s, (self,), (s * (1 - s),))

    def sin(self) -> Value:
        return Value(floats.sin(self.data), (self,), (floats.cos(self.data),))

    def cos(self) -> Value:
        return Value(floats.cos(self.data), (self,), (-floats.sin(self.data),))

    def sqrt(self) -> Value:
        root = floats.sqrt(self.data)
        return Value(root, (self,), (floats.divide(0.5, root),))

    def __abs__(self) -> Value:
        sign = math.copysign(1, self.data) if self.data else 0.0
        return Value(abs(self.data), (self,), (sign,))

    def backward(self) -> None:
        """Adds the derivative of this number by each node to the node's `grad`.

        A node passes its gradient on after all its uses have added to it, so the order is
        topological. There is no recursion, so no chain is too long.
        """
        uses = {self: 0}
        nodes = [self]
        for node in nodes:  # grows during the loop
            for operand in node.operands:
                if operand in uses:
                    uses[operand] += 1
                else:
                    uses[operand] = 1
                    nodes.append(operand)
        flow = dict.fromkeys(nodes, 0.0)
        flow[self] = 1.0
        ready = [self]
        for node in ready:  # grows during the loop
            grad = flow[node]
            node.grad += grad
            for operand, partial in zip(node.operands, node.partials, strict=True):
                flow[operand] += partial * grad
                uses[operand] -= 1
                if not uses[operand]:
                    ready.append(operand)


def differentiate_power(base: float, exponent: float) -> float:
    """The derivative of base ** exponent by the base. 0 for the exponent 0, even at the base 0."""
    return exponent * floats.power(base, exponent - 1) if exponent else 0.0


def differentiate_by_exponent(base: float, exponent: float) -> float:
    """The derivative of base ** exponent by the exponent. 0 for the base 0 where it's defined."""
    if base == 0 and exponent > 0:
        return 0.0
    return floats.power(base, exponent) * floats.log(base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The numbers of a graph, node by node in the order of its steps.

    `grad` is 0.0 if no output depends on the node. The gradients of several outputs add up.
    """

    data: tuple[float, ...]
    grad: tuple[float, ...]


OPERATIONS: Mapping[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "**=": operator.ipow,
    "neg": operator.neg,
    "abs": operator.abs,
    "tanh": Value.tanh,
    "exp": Value.exp,
    "log": Value.log,
    "relu": Value.relu,
    "sigmoid": Value.sigmoid,
    "sin": Value.sin,
    "cos": Value.cos,
    "sqrt": Value.sqrt,
}


def evaluate(graph: Graph) -> Evaluation:
    """Runs a graph's steps on the reference engine."""
    nodes: list[Value] = []
    for step in graph.steps:
        if isinstance(step, Leaf):
            nodes.append(Value(step.number))
        elif isinstance(step, Backward):
            nodes[step.node].backward()
        elif isinstance(step, Update):
            before = nodes[step.node]
            nodes.append(Value(before.data - step.rate * before.grad))
        else:
            operands = [
                operand.number if isinstance(operand, Constant) else nodes[operand]
                for operand in step.operands
            ]
            nodes.append(OPERATIONS[step.operation](*operands))
    return Evaluation(
        data=tuple(node.data for node in nodes), grad=tuple(node.grad for node in nodes)
    )
