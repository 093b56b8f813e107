# style: typed throughout: protocols, overloads, Self, Final; __slots__; local gradients in a tuple
# design: slots, number, inputs and locals as tuples / recursive, dictionary in post-order, reversed
#   list / += by a strict zip
"""Scalar reverse-mode differentiation, checked with mypy --strict."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import ClassVar, Final, Protocol, Self, SupportsFloat, TypeAlias, Union, final, overload

Real: TypeAlias = Union[int, float]
Operand: TypeAlias = Union["Scalar", Real]

LN2: Final = math.log(2.0)


class Differentiable(Protocol):
    """Anything that has a number and a derivative."""

    data: float
    grad: float

    def backward(self) -> None: ...


@final
class Scalar:
    __slots__ = ("data", "grad", "_inputs", "_locals")

    count: ClassVar[int] = 0

    data: float
    grad: float
    _inputs: tuple[Scalar, ...]
    _locals: tuple[float, ...]

    def __init__(
        self,
        data: SupportsFloat,
        inputs: Iterable[Scalar] = (),
        locals_: Iterable[float] = (),
    ) -> None:
        self.data = float(data)
        self.grad = 0.0
        self._inputs = tuple(inputs)
        self._locals = tuple(locals_)
        type(self).count += 1

    @overload
    @staticmethod
    def lift(x: Scalar) -> Scalar: ...
    @overload
    @staticmethod
    def lift(x: Real) -> Scalar: ...
    @staticmethod
    def lift(x: Operand) -> Scalar:
        return x if isinstance(x, Scalar) else Scalar(x)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(data={self.data:.6g}, grad={self.grad:.6g})"

    def __add__(self, other: Operand) -> Scalar:
        b = Scalar.lift(other)
        return Scalar(self.data + b.data, (self, b), (1.0, 1.0))

    def __radd__(self, other: Real) -> Scalar:
        return self + other

    def __mul__(self, other: Operand) -> Scalar:
        b = Scalar.lift(other)
        return Scalar(self.data * b.data, (self, b), (b.data, self.data))

    def __rmul__(self, other: Real) -> Scalar:
        return self * other

    def __neg__(self) -> Scalar:
        return self * -1.0

    def __sub__(self, other: Operand) -> Scalar:
        return self + Scalar.lift(other) * -1.0

    def __rsub__(self, other: Real) -> Scalar:
        return self * -1.0 + other

    def __truediv__(self, other: Operand) -> Scalar:
        return self * Scalar.lift(other) ** -1

    def __rtruediv__(self, other: Real) -> Scalar:
        return self**-1 * other

    def __pow__(self, other: Operand) -> Scalar:
        if isinstance(other, Scalar):
            power = math.exp(other.data * math.log(self.data))
            by_base = power * other.data / self.data
            return Scalar(power, (self, other), (by_base, power * math.log(self.data)))
        if other == 0:
            return Scalar(1.0, (self,), (0.0,))
        return Scalar(self.data**other, (self,), (other * self.data ** (other - 1),))

    def __rpow__(self, other: Real) -> Scalar:
        ln = LN2 if other == 2 else math.log(other)
        power = float(other) ** self.data
        return Scalar(power, (self,), (power * ln,))

    def __abs__(self) -> Scalar:
        return self * math.copysign(1.0, self.data)

    def apply(self, result: float, slope: float) -> Self:
        return Scalar(result, (self,), (slope,))

    def exp(self) -> Scalar:
        e = math.exp(self.data)
        return self.apply(e, e)

    def log(self) -> Scalar:
        return self.apply(math.log(self.data), 1.0 / self.data)

    def tanh(self) -> Scalar:
        t = math.tanh(self.data)
        return self.apply(t, 1.0 - t * t)

    def relu(self) -> Scalar:
        return self.apply(max(self.data, 0.0), float(self.data > 0.0))

    def sigmoid(self) -> Scalar:
        s = 1.0 / (1.0 + math.exp(-self.data))
        return self.apply(s, s * (1.0 - s))

    def sin(self) -> Scalar:
        return self.apply(math.sin(self.data), math.cos(self.data))

    def cos(self) -> Scalar:
        return self.apply(math.cos(self.data), -math.sin(self.data))

    def sqrt(self) -> Scalar:
        return self**0.5

    def _ancestors(self) -> list[Scalar]:
        ordered: dict[Scalar, None] = {}

        def visit(node: Scalar) -> None:
            if node not in ordered:
                for one in node._inputs:
                    visit(one)
                ordered[node] = None

        visit(self)
        return list(ordered)

    def backward(self) -> None:
        self.grad = 1.0
        for node in reversed(self._ancestors()):
            for one, slope in zip(node._inputs, node._locals, strict=True):
                one.grad += slope * node.grad
