"""Correct engines that compose one operation of others, or compute it by another formula.

Composed operations are differentiated as they stand, by the engine itself: what cancels in a
formula cancels in its derivative too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.support.engines.plain import OPERATIONS, Answer, Plain
from tests.support.engines.runner import Engine

Formula = Callable[..., Any]  # of a node, and of another or a number
E = math.e
HALF_PI = math.pi / 2
NOTHING: Mapping[str, Callable[..., Answer]] = {}
LOGARITHMS: dict[str, Callable[..., Answer]] = {
    "log10": lambda x: (math.log10(x), (1 / (x * math.log(10)),)),
    "log2": lambda x: (math.log2(x), (1 / (x * math.log(2)),)),
}


def spell(
    formulas: Mapping[str, Formula], computed: Mapping[str, Callable[..., Answer]] = NOTHING
) -> Engine:
    """An engine that composes some operations and computes some, by ways of its own."""
    table = {**OPERATIONS, **LOGARITHMS, **computed}
    made = count()

    class Spelled(Plain):
        def __init__(self, data: float, *edges: tuple[Spelled, float]) -> None:
            super().__init__(data)
            self.edges = edges
            self.age = next(made)

        def apply(self, operation: str, *others: Any) -> Spelled:
            if operation in formulas:
                composed: Spelled = formulas[operation](self, *others)
                return composed
            return self.compute(operation, *others)

        def compute(self, operation: str, *others: Any) -> Spelled:
            """The operation by its number and slopes, whatever formula there is for it."""
            operands = [self, *map(self.lift, others)]
            number, slopes = table[operation](*(operand.data for operand in operands))
            return Spelled(number, *zip(operands, slopes, strict=True))

        def backward(self) -> None:
            """The youngest node first: it was made of older ones."""
            waiting = {self.age: self}
            self.grad = 1.0
            while waiting:
                node = waiting.pop(max(waiting))
                for operand, slope in node.edges:
                    operand.grad += node.grad * slope
                    waiting[operand.age] = operand

    return Spelled


def _multiply_out(a: Any, n: Any) -> Any:
    """Whole powers by multiplication, others by logarithms."""
    if not _is_whole(n):
        return (n * a.log()).exp()
    product = a * 1
    for _ in range(abs(int(n)) - 1):
        product = product * a
    return 1 / product if n < 0 else product if n else a * 0 + 1


def _square_again(a: Any, n: Any) -> Any:
    """Whole powers by repeated squaring, others by logarithms."""
    if not _is_whole(n):
        return (a.log() * n).exp()
    result, square, left = a * 0 + 1, a, abs(int(n))
    while left:
        result = result * square if left % 2 else result
        square, left = square * square, left // 2
    return 1 / result if n < 0 else result


def _is_whole(n: Any) -> bool:
    return isinstance(n, (int, float)) and float(n).is_integer()


def _halves(x: Any) -> Any:
    rising, falling = x.exp(), (-x).exp()
    return ((rising - falling) / 2) / ((rising + falling) / 2)


FORMULAS: dict[str, dict[str, Formula]] = {
    "a / b as a * b ** -1": {"/": lambda a, b: a * b**-1},
    "a - b as a + (-b)": {"-": lambda a, b: a + (-b), "neg": lambda x: x * -1},
    "a - b as a + b * -1": {"-": lambda a, b: a + b * -1},
    "a - b as -(b - a)": {"-": lambda a, b: -((-a) + b)},
    "-x as 0 - x": {"neg": lambda x: 0 - x},
    "a ** n as exp(n log a)": {"**": lambda a, n: (n * a.log()).exp()},
    "a ** n by multiplication": {"**": _multiply_out},
    "a ** n by squaring": {"**": _square_again},
    "tanh as (e^2x - 1) / (e^2x + 1)": {
        "tanh": lambda x: ((2 * x).exp() - 1) / ((2 * x).exp() + 1)
    },
    "tanh as 1 - 2 / (e^2x + 1)": {"tanh": lambda x: 1 - 2 / ((x + x).exp() + 1)},
    "tanh as (1 - e^-2x) / (1 + e^-2x)": {
        "tanh": lambda x: (1 - (-2 * x).exp()) / (1 + (-2 * x).exp())
    },
    "tanh as 2 sigmoid(2x) - 1": {"tanh": lambda x: 2 * (2 * x).sigmoid() - 1},
    "tanh as (e^x - e^-x) / (e^x + e^-x)": {
        "tanh": lambda x: (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())
    },
    "tanh as sinh / cosh": {"tanh": _halves},
    "tanh by powers of e": {"tanh": lambda x: (E ** (2 * x) - 1) / (E ** (2 * x) + 1)},
    "sigmoid as (tanh(x / 2) + 1) / 2": {"sigmoid": lambda x: ((x / 2).tanh() + 1) / 2},
    "sigmoid as 1 / (1 + e^-x)": {"sigmoid": lambda x: 1 / (1 + (-x).exp())},
    "sigmoid as (1 + e^-x) ** -1": {"sigmoid": lambda x: (1 + (-x).exp()) ** -1},
    "sigmoid as e^x / (e^x + 1)": {"sigmoid": lambda x: x.exp() / (x.exp() + 1)},
    "sqrt as x ** 0.5": {"sqrt": lambda x: x**0.5},
    "sqrt as exp(log x / 2)": {"sqrt": lambda x: (x.log() / 2).exp()},
    "abs as sqrt(x * x)": {"abs": lambda x: (x * x).sqrt()},
    "abs as (x ** 2) ** 0.5": {"abs": lambda x: (x**2) ** 0.5},
    "abs as relu(x) + relu(-x)": {"abs": lambda x: x.relu() + (-x).relu()},
    "abs as x * sign(x)": {"abs": lambda x: x * math.copysign(1, x.data)},
    "relu as (x + |x|) / 2": {"relu": lambda x: (x + abs(x)) / 2},
    "relu as x * (x > 0)": {"relu": lambda x: x * (x.data > 0)},
    "relu as sqrt(x * x) / 2 + x / 2": {"relu": lambda x: (x * x).sqrt() / 2 + x / 2},
    "exp as e ** x": {"exp": lambda x: E**x},
    "exp as 1 / exp(-x)": {"exp": lambda x: 1 / (0 - x).compute("exp")},
    "log as log10(x) / log10(e)": {"log": lambda x: x.compute("log10") / math.log10(E)},
    "log as log2(x) * ln 2": {"log": lambda x: x.compute("log2") * math.log(2)},
    "sin as cos(x - pi/2)": {"sin": lambda x: (x - HALF_PI).cos()},
    "sin as cos(pi/2 - x)": {"sin": lambda x: (HALF_PI - x).cos()},
    "cos as sin(x + pi/2)": {"cos": lambda x: (x + HALF_PI).sin()},
    "cos as sin(pi/2 - x)": {"cos": lambda x: (HALF_PI - x).sin()},
    "cos as 1 - 2 sin(x/2)^2": {"cos": lambda x: 1 - 2 * (x / 2).sin() ** 2},
    "sin as 2 sin(x/2) cos(x/2)": {"sin": lambda x: 2 * (x / 2).compute("sin") * (x / 2).cos()},
}


def _tanh_by(slope: Callable[[float, float], float]) -> Callable[[float], Answer]:
    return lambda x: (math.tanh(x), (slope(x, math.tanh(x)),))


def _sigmoid(x: float) -> Answer:
    s = 1 / (1 + math.exp(-x))
    return s, (s * (1 - s),)


COMPUTED: dict[str, dict[str, Callable[..., Answer]]] = {
    "quotient's slope -a / b ** 2": {"/": lambda a, b: (a / b, (1 / b, -a / b**2))},
    "quotient's slope -a * b ** -2": {"/": lambda a, b: (a * b**-1, (b**-1, -a * b**-2))},
    "quotient's slope -(a / b) / b": {"/": lambda a, b: (a / b, (1 / b, -(a / b) / b))},
    "power's slope n * a ** (n - 1)": {
        "**": lambda a, n: (a**n, (n * a ** (n - 1), a**n * math.log(a) if a > 0 else math.nan))
    },
    "tanh's slope 1 - t ** 2": {"tanh": _tanh_by(lambda _, t: 1 - t**2)},
    "tanh's slope (1 - t) * (1 + t)": {"tanh": _tanh_by(lambda _, t: (1 - t) * (1 + t))},
    "tanh's slope 4 / (e^x + e^-x) ** 2": {
        "tanh": _tanh_by(lambda x, _: 4 / (math.exp(x) + math.exp(-x)) ** 2)
    },
    "tanh's slope 1 - tanh(x) * tanh(x), of powers of e": {
        "tanh": lambda x: (1 - 2 / (E ** (2 * x) + 1), (1 - (1 - 2 / (E ** (2 * x) + 1)) ** 2,))
    },
    "sigmoid's slope s * (1 - s)": {"sigmoid": _sigmoid},
    "sigmoid's slope e^-x / (1 + e^-x) ** 2": {
        "sigmoid": lambda x: (1 / (1 + E**-x), (E**-x / (1 + E**-x) ** 2,))
    },
    "log's slope x ** -1": {"log": lambda x: (math.log(x), (x**-1,))},
    "sqrt's slope 0.5 * x ** -0.5": {"sqrt": lambda x: (x**0.5, (0.5 * x**-0.5,))},
    "sqrt's slope 0.5 / root": {"sqrt": lambda x: (math.sqrt(x), (0.5 / math.sqrt(x),))},
    "exp's slope once more": {"exp": lambda x: (E**x, (math.pow(E, x),))},
    "cos's slope by a shift": {"cos": lambda x: (math.cos(x), (math.cos(x + HALF_PI),))},
    "sin's slope by a shift": {"sin": lambda x: (math.sin(x), (math.sin(x + HALF_PI),))},
}

SPELLED: dict[str, Engine] = {
    **{name: spell(formulas) for name, formulas in FORMULAS.items()},
    **{name: spell({}, computed) for name, computed in COMPUTED.items()},
}
