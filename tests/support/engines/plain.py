"""Operations as (number, slope by each operand) on plain floats: for engines of other designs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tests.support.engines.arithmetic import Arithmetic

Answer = tuple[float, tuple[float, ...]]


def _power(a: float, b: float) -> Answer:
    by_exponent = math.log(a) * a**b if a > 0 else math.nan
    return a**b, (a**b * b / a if a else b * 0.0 ** (b - 1) if b else 0.0, by_exponent)


def _tanh(x: float) -> Answer:
    return 1 - 2 / (math.exp(2 * x) + 1), (1 / math.cosh(x) ** 2,)


def _sigmoid(x: float) -> Answer:
    s = (1 + math.tanh(x / 2)) / 2
    return s, (s - s * s,)


def _log(x: float) -> Answer:
    return math.log(x), (1 / x,)


OPERATIONS: dict[str, Callable[..., Answer]] = {
    "+": lambda a, b: (a + b, (1, 1)),
    "-": lambda a, b: (a - b, (1, -1)),
    "*": lambda a, b: (a * b, (b, a)),
    "/": lambda a, b: (a / b, (1 / b, -(a / b) / b)),
    "**": _power,
    "neg": lambda x: (-x, (-1,)),
    "tanh": _tanh,
    "exp": lambda x: (math.exp(x), (math.exp(x),)),
    "log": _log,
    "relu": lambda x: (x * (x > 0), (1 if x > 0 else 0,)),
    "sigmoid": _sigmoid,
    "sin": lambda x: (math.sin(x), (math.cos(x),)),
    "cos": lambda x: (math.cos(x), (-math.sin(x),)),
    "sqrt": lambda x: (math.sqrt(x), (1 / (2 * math.sqrt(x)),)),
    "abs": lambda x: (abs(x), (x / abs(x),)),
}


class Plain(Arithmetic):
    """Spells every operation by `apply`, which a design fills in."""

    def apply(self, operation: str, *others: Any) -> Any:
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self.apply("+", other)

    def __sub__(self, other: Any) -> Any:
        return self.apply("-", other)

    def __mul__(self, other: Any) -> Any:
        return self.apply("*", other)

    def __truediv__(self, other: Any) -> Any:
        return self.apply("/", other)

    def __pow__(self, other: Any) -> Any:
        return self.apply("**", other)

    def __neg__(self) -> Any:
        return self.apply("neg")

    def __abs__(self) -> Any:
        return self.apply("abs")

    def __getattr__(self, name: str) -> Any:
        if name not in OPERATIONS:
            raise AttributeError(name)
        return lambda: self.apply(name)
