"""Each operation at a point: its slopes, how they bend, and what rounding may do to it.

Roundings are in units of the unit roundoff, 2 ** -53, and generous enough for every way that
students spell the operation. First order: one bound adds to another.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.reference import floats

# Times the size of the result.
BASIC = 1  # + - *
LIBRARY = 8  # exp, log, sin, ...: four units in the last place
# Absolute, for spellings in which numbers of the size of 1 cancel.
TANH = 16  # (e^2x - 1) / (e^2x + 1), or 2 sigmoid(2x) - 1
TANH_SLOPE = 64  # 1 - t * t, or that quotient differentiated by the student's own engine
SIGMOID = 16  # (1 + tanh(x / 2)) / 2
SIGMOID_SLOPE = 32  # s * (1 - s), or e^x / (1 + e^x) differentiated by the student's own engine
SHIFT = 4  # cos(x) as sin(x + pi / 2); the size of x comes on top
MOST_FACTORS = 64  # of a power by multiplication


@dataclass(frozen=True, slots=True)
class Slope:
    """The derivative of an operation by one operand.

    `bends` are its own derivatives by each operand; `rounding` is absolute. `weight` is the size of
    what a spelling may add up to get it, where that is more than its own, and `parts` how many of
    them it may pass on one by one.
    """

    value: float
    bends: tuple[float, ...]
    rounding: float
    weight: float = 0.0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Local:
    """An operation at a point. `rounding` is that of its result, absolute."""

    rounding: float
    slopes: tuple[Slope, ...]


def examine(operation: str, numbers: Sequence[float], result: float) -> Local:
    """What is to be known of an operation on these numbers; in-place forms are as the others."""
    return LOCALS[operation.removesuffix("=")](*numbers, result)


def _add(_a: float, _b: float, result: float) -> Local:
    flat = Slope(1.0, (0.0, 0.0), 0.0)
    return Local(BASIC * abs(result), (flat, flat))


def _subtract(_a: float, _b: float, result: float) -> Local:
    return Local(BASIC * abs(result), (Slope(1.0, (0.0, 0.0), 0.0), Slope(-1.0, (0.0, 0.0), 0.0)))


def _multiply(a: float, b: float, result: float) -> Local:
    return Local(BASIC * abs(result), (Slope(b, (0.0, 1.0), 0.0), Slope(a, (1.0, 0.0), 0.0)))


def _divide(a: float, b: float, result: float) -> Local:
    """a / b, or a * b ** -1."""
    inverse = floats.divide(1, b)
    square = inverse * inverse
    spread = _spread(b, 2) + LIBRARY
    return Local(
        spread * abs(result),
        (
            Slope(inverse, (0.0, square), spread * abs(inverse)),
            Slope(-a * square, (square, 2 * a * square * inverse), spread * abs(a * square)),
        ),
    )


def _power(a: float, n: float, result: float) -> Local:
    """a ** n by the library, by multiplying again and again, or by exp(n * log(a))."""
    steep = floats.log(a)
    lower = floats.power(a, n - 1)
    by_base = n * lower if n else 0.0
    bend = n * (n - 1) * floats.power(a, n - 2) if n * (n - 1) else 0.0
    mixed = lower * (1 + n * steep)
    by_exponent = result * steep
    spread = _spread(a, abs(n) + 1) + LIBRARY
    return Local(
        spread * abs(result),
        (
            Slope(by_base, (bend, mixed), spread * abs(by_base), parts=_count_factors(n)),
            Slope(by_exponent, (mixed, by_exponent * steep), spread * abs(by_exponent)),
        ),
    )


def _negate(_x: float, _result: float) -> Local:
    return Local(0.0, (Slope(-1.0, (0.0,), 0.0),))


def _tanh(_x: float, t: float) -> Local:
    """By exponentials, of which (e^x - e^-x) / (e^x + e^-x) has four."""
    slope = 1 - t * t
    rounding = LIBRARY * slope + TANH_SLOPE
    return Local(LIBRARY * abs(t) + TANH, (Slope(slope, (-2 * t * slope,), rounding, parts=4),))


def _exp(x: float, e: float) -> Local:
    """By the library, or by math.e ** x, whose base is itself rounded."""
    rounding = (LIBRARY + 2 * abs(x)) * e
    return Local(rounding, (Slope(e, (e,), rounding + BASIC * e),))


def _log(x: float, result: float) -> Local:
    inverse = floats.divide(1, x)
    slope = Slope(inverse, (-inverse * inverse,), (_spread(x, 1) + BASIC) * abs(inverse))
    return Local(LIBRARY * abs(result), (slope,))


def _relu(x: float, result: float) -> Local:
    """By comparison with 0, or as (x + |x|) / 2, where halves of the gradient may cancel."""
    slope = Slope(1.0 if x > 0 else 0.0, (0.0,), 0.0, weight=1.0, parts=3)
    return Local(BASIC * abs(result), (slope,))


def _sigmoid(_x: float, s: float) -> Local:
    slope = s * (1 - s)
    bend = slope * (1 - 2 * s)
    rounding = LIBRARY * slope + SIGMOID_SLOPE
    return Local(LIBRARY * s + SIGMOID, (Slope(slope, (bend,), rounding, parts=2),))


def _sin(x: float, result: float) -> Local:
    slope = floats.cos(x)
    rounding = LIBRARY + SHIFT + abs(x)
    return Local(rounding, (Slope(slope, (-result,), rounding, parts=2),))


def _cos(x: float, result: float) -> Local:
    slope = -floats.sin(x)
    rounding = LIBRARY + SHIFT + abs(x)
    return Local(rounding, (Slope(slope, (-result,), rounding, parts=2),))


def _sqrt(x: float, root: float) -> Local:
    slope = floats.divide(0.5, root)
    spread = _spread(x, 1.5) + LIBRARY
    return Local(spread * root, (Slope(slope, (-slope * floats.divide(0.5, x),), spread * slope),))


def _abs(x: float, result: float) -> Local:
    """By comparison with 0, or by the square root of the square."""
    slope = math.copysign(1, x) if x else 0.0
    return Local(LIBRARY * result, (Slope(slope, (0.0,), LIBRARY * abs(slope), parts=2),))


def _spread(base: float, exponent: float) -> float:
    """Roundings of a power times its size: the library's, each multiplication's, or those of
    exp(exponent * log(base)), in which an error of the argument is a relative one of the result.
    """
    steep = abs(floats.log(abs(base))) if base else 0.0
    return LIBRARY + abs(exponent) * (1 + (LIBRARY + BASIC) * steep)


def _count_factors(exponent: float) -> int:
    """The parts that a power by repeated multiplication passes its gradient on in."""
    return int(min(max(abs(exponent), 1), MOST_FACTORS)) if float(exponent).is_integer() else 1


LOCALS: Mapping[str, Callable[..., Local]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "neg": _negate,
    "tanh": _tanh,
    "exp": _exp,
    "log": _log,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "sin": _sin,
    "cos": _cos,
    "sqrt": _sqrt,
    "abs": _abs,
}
