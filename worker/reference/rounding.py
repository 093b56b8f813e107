"""The derivatives and rounding errors of each operation at a point.

Rounding errors are in units of the unit roundoff, 2 ** -53. They are large enough for every usual
way to write an operation. The analysis is of first order, so bounds add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.reference import floats

# Relative to the result.
BASIC = 1  # + - *
LIBRARY = 8  # exp, log, sin, ...: four units in the last place
# Absolute, for formulas in which numbers of about 1 cancel.
TANH = 16  # (e^2x - 1) / (e^2x + 1), or 2 sigmoid(2x) - 1
TANH_SLOPE = 64  # 1 - t * t, or that quotient differentiated by the student's own engine
SIGMOID = 16  # (1 + tanh(x / 2)) / 2
SIGMOID_SLOPE = 32  # s * (1 - s), or e^x / (1 + e^x) differentiated by the student's own engine
SHIFT = 4  # cos(x) as sin(x + pi / 2); add the size of x
MOST_FACTORS = 64  # in a power by repeated multiplication


@dataclass(frozen=True, slots=True)
class Slope:
    """The derivative of an operation by one operand.

    `bends` are the derivatives of the slope by each operand. `rounding` is its absolute error. Some
    formulas add up the slope from several terms: `weight` is the size of the terms, if larger than
    the slope, and `parts` is the number of terms that backward may pass on separately.
    """

    value: float
    bends: tuple[float, ...]
    rounding: float
    weight: float = 0.0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Local:
    """An operation at a point. `rounding` is the absolute error of its result."""

    rounding: float
    slopes: tuple[Slope, ...]


def examine(operation: str, numbers: Sequence[float], result: float) -> Local:
    """Analyses an operation on these numbers. In-place operations are like the others."""
    return LOCALS[operation.removesuffix("=")](*numbers, result)


def add(_a: float, _b: float, result: float) -> Local:
    """a + b."""
    flat = Slope(1.0, (0.0, 0.0), 0.0)
    return Local(BASIC * abs(result), (flat, flat))


def subtract(_a: float, _b: float, result: float) -> Local:
    """a - b."""
    return Local(BASIC * abs(result), (Slope(1.0, (0.0, 0.0), 0.0), Slope(-1.0, (0.0, 0.0), 0.0)))


def multiply(a: float, b: float, result: float) -> Local:
    """a * b."""
    return Local(BASIC * abs(result), (Slope(b, (0.0, 1.0), 0.0), Slope(a, (1.0, 0.0), 0.0)))


def divide(a: float, b: float, result: float) -> Local:
    """a / b, or a * b ** -1."""
    inverse = floats.divide(1, b)
    square = inverse * inverse
    spread = relative_error(b, 2) + LIBRARY
    return Local(
        spread * abs(result),
        (
            Slope(inverse, (0.0, square), spread * abs(inverse)),
            Slope(-a * square, (square, 2 * a * square * inverse), spread * abs(a * square)),
        ),
    )


def power(a: float, n: float, result: float) -> Local:
    """a ** n, a product of n factors, or exp(n * log(a))."""
    steep = floats.log(a)
    lower = floats.power(a, n - 1)
    by_base = n * lower if n else 0.0
    bend = n * (n - 1) * floats.power(a, n - 2) if n * (n - 1) else 0.0
    mixed = lower * (1 + n * steep)
    by_exponent = result * steep
    spread = relative_error(a, abs(n) + 1) + LIBRARY
    factors = int(min(max(abs(n), 1), MOST_FACTORS)) if float(n).is_integer() else 1
    return Local(
        spread * abs(result),
        (
            Slope(by_base, (bend, mixed), spread * abs(by_base), parts=factors),
            Slope(by_exponent, (mixed, by_exponent * steep), spread * abs(by_exponent)),
        ),
    )


def negate(_x: float, _result: float) -> Local:
    """-x."""
    return Local(0.0, (Slope(-1.0, (0.0,), 0.0),))


def tanh(_x: float, t: float) -> Local:
    """Formulas such as (e^x - e^-x) / (e^x + e^-x) have up to four exponentials."""
    slope = 1 - t * t
    rounding = LIBRARY * slope + TANH_SLOPE
    return Local(LIBRARY * abs(t) + TANH, (Slope(slope, (-2 * t * slope,), rounding, parts=4),))


def exp(x: float, e: float) -> Local:
    """math.exp(x), or math.e ** x, whose base is rounded."""
    rounding = (LIBRARY + 2 * abs(x)) * e
    return Local(rounding, (Slope(e, (e,), rounding + BASIC * e),))


def log(x: float, result: float) -> Local:
    """The natural logarithm."""
    inverse = floats.divide(1, x)
    slope = Slope(inverse, (-inverse * inverse,), (relative_error(x, 1) + BASIC) * abs(inverse))
    return Local(LIBRARY * abs(result), (slope,))


def relu(x: float, result: float) -> Local:
    """A comparison with 0, or (x + |x|) / 2, in which halves of the gradient may cancel."""
    slope = Slope(1.0 if x > 0 else 0.0, (0.0,), 0.0, weight=1.0, parts=3)
    return Local(BASIC * abs(result), (slope,))


def sigmoid(_x: float, s: float) -> Local:
    """1 / (1 + e ** -x), or (1 + tanh(x / 2)) / 2."""
    slope = s * (1 - s)
    bend = slope * (1 - 2 * s)
    rounding = LIBRARY * slope + SIGMOID_SLOPE
    return Local(LIBRARY * s + SIGMOID, (Slope(slope, (bend,), rounding, parts=2),))


def sin(x: float, result: float) -> Local:
    """sin(x), or cos(x - pi / 2)."""
    slope = floats.cos(x)
    rounding = LIBRARY + SHIFT + abs(x)
    return Local(rounding, (Slope(slope, (-result,), rounding, parts=2),))


def cos(x: float, result: float) -> Local:
    """cos(x), or sin(x + pi / 2)."""
    slope = -floats.sin(x)
    rounding = LIBRARY + SHIFT + abs(x)
    return Local(rounding, (Slope(slope, (-result,), rounding, parts=2),))


def sqrt(x: float, root: float) -> Local:
    """math.sqrt(x), or x ** 0.5."""
    slope = floats.divide(0.5, root)
    spread = relative_error(x, 1.5) + LIBRARY
    return Local(spread * root, (Slope(slope, (-slope * floats.divide(0.5, x),), spread * slope),))


def absolute(x: float, result: float) -> Local:
    """A comparison with 0, or the square root of the square."""
    slope = math.copysign(1, x) if x else 0.0
    return Local(LIBRARY * result, (Slope(slope, (0.0,), LIBRARY * abs(slope), parts=2),))


def relative_error(base: float, exponent: float) -> float:
    """Returns the relative error of a power.

    It covers the library's power, repeated multiplication, and exp(exponent * log(base)). In the
    last, an absolute error of the argument becomes a relative error of the result.
    """
    steep = abs(floats.log(abs(base))) if base else 0.0
    return LIBRARY + abs(exponent) * (1 + (LIBRARY + BASIC) * steep)


LOCALS: Mapping[str, Callable[..., Local]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
    "neg": negate,
    "tanh": tanh,
    "exp": exp,
    "log": log,
    "relu": relu,
    "sigmoid": sigmoid,
    "sin": sin,
    "cos": cos,
    "sqrt": sqrt,
    "abs": absolute,
}
