# style: no closures at all: an enum of operations, and one match statement for all derivatives
# design: number, member of an enum, operands / stack of nodes and positions, reversed / reset, then
#   += of slopes from a function
"""Autograd without closures. A node knows its operation and its arguments; derivatives are looked
up in one place when they are needed."""

from __future__ import annotations

import math
from enum import Enum, auto


class Op(Enum):
    INPUT = auto()
    ADD = auto()
    SUB = auto()
    MUL = auto()
    DIV = auto()
    POW = auto()
    NEG = auto()
    ABS = auto()
    TANH = auto()
    EXP = auto()
    LOG = auto()
    RELU = auto()
    SIGMOID = auto()
    SIN = auto()
    COS = auto()
    SQRT = auto()


def forward(op: Op, *args: float) -> float:
    match op, args:
        case Op.ADD, (a, b):
            return a + b
        case Op.SUB, (a, b):
            return a - b
        case Op.MUL, (a, b):
            return a * b
        case Op.DIV, (a, b):
            return a / b
        case Op.POW, (a, b):
            return a**b
        case Op.NEG, (a,):
            return -a
        case Op.ABS, (a,):
            return abs(a)
        case Op.RELU, (a,):
            return max(a, 0)
        case Op.SIGMOID, (a,):
            return 0.5 * (1 + math.tanh(a / 2))
        case _, (a,):
            return getattr(math, op.name.lower())(a)


def local_derivatives(op: Op, out: float, *args: float) -> tuple[float, ...]:
    match op, args:
        case Op.ADD, _:
            return 1, 1
        case Op.SUB, _:
            return 1, -1
        case Op.MUL, (a, b):
            return b, a
        case Op.DIV, (a, b):
            return 1 / b, -a / b**2
        case Op.POW, (a, b):
            return b * a ** (b - 1) if b else 0, out * math.log(a) if a > 0 else 0
        case Op.NEG, _:
            return (-1,)
        case Op.ABS, (a,):
            return (1,) if a > 0 else (-1,)
        case Op.TANH, _:
            return (1 - out**2,)
        case Op.EXP, _:
            return (out,)
        case Op.LOG, (a,):
            return (1 / a,)
        case Op.RELU, (a,):
            return (1,) if a > 0 else (0,)
        case Op.SIGMOID, _:
            return (out * (1 - out),)
        case Op.SIN, (a,):
            return (math.cos(a),)
        case Op.COS, (a,):
            return (-math.sin(a),)
        case Op.SQRT, _:
            return (0.5 / out,)
    return ()


class Node:
    def __init__(self, value: float, op: Op = Op.INPUT, args: tuple[Node, ...] = ()) -> None:
        self.value = value
        self.derivative = 0.0
        self.op = op
        self.args = args

    @classmethod
    def make(cls, op: Op, *args: Node | float) -> Node:
        nodes = tuple(arg if isinstance(arg, cls) else cls(arg) for arg in args)
        return cls(forward(op, *(node.value for node in nodes)), op, nodes)

    def __add__(self, other): return Node.make(Op.ADD, self, other)
    def __radd__(self, other): return Node.make(Op.ADD, other, self)
    def __sub__(self, other): return Node.make(Op.SUB, self, other)
    def __rsub__(self, other): return Node.make(Op.SUB, other, self)
    def __mul__(self, other): return Node.make(Op.MUL, self, other)
    def __rmul__(self, other): return Node.make(Op.MUL, other, self)
    def __truediv__(self, other): return Node.make(Op.DIV, self, other)
    def __rtruediv__(self, other): return Node.make(Op.DIV, other, self)
    def __pow__(self, other): return Node.make(Op.POW, self, other)
    def __rpow__(self, other): return Node.make(Op.POW, other, self)
    def __neg__(self): return Node.make(Op.NEG, self)
    def __abs__(self): return Node.make(Op.ABS, self)
    def tanh(self): return Node.make(Op.TANH, self)
    def exp(self): return Node.make(Op.EXP, self)
    def log(self): return Node.make(Op.LOG, self)
    def relu(self): return Node.make(Op.RELU, self)
    def sigmoid(self): return Node.make(Op.SIGMOID, self)
    def sin(self): return Node.make(Op.SIN, self)
    def cos(self): return Node.make(Op.COS, self)
    def sqrt(self): return Node.make(Op.SQRT, self)

    def backprop(self) -> None:
        order: list[Node] = []
        stack: list[tuple[Node, int]] = [(self, 0)]
        seen = {self}
        while stack:
            node, position = stack.pop()
            if position == len(node.args):
                order.append(node)
                continue
            stack.append((node, position + 1))
            child = node.args[position]
            if child not in seen:
                seen.add(child)
                stack.append((child, 0))
        for node in order:
            node.derivative = 0.0
        self.derivative = 1.0
        for node in reversed(order):
            slopes = local_derivatives(node.op, node.value, *(arg.value for arg in node.args))
            for arg, slope in zip(node.args, slopes, strict=False):
                arg.derivative += slope * node.derivative
