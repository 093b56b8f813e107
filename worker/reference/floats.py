"""Float arithmetic by IEEE 754: inf and nan where Python raises an exception."""

from __future__ import annotations

import math
import struct
import sys
from dataclasses import dataclass

ROUNDOFF = 2.0**-53  # the unit roundoff: half the distance from 1 to the next float


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of floating-point numbers, or numbers that are rounded to some decimals or digits.

    `code` is its name in `struct`, unless it has `decimals` or `digits`. `roundoff` is half the
    distance from 1 to the next number, `smallest` the smallest number with all digits, and
    `largest` the largest finite one.
    """

    code: str = ""
    decimals: int | None = None
    digits: int | None = None
    roundoff: float
    smallest: float
    largest: float

    def nearest(self, number: float) -> float:
        """Returns the nearest number of this format; an infinity if there is none so large."""
        if self.decimals is not None:
            return round(number, self.decimals)
        if self.digits is not None:
            return float(f"{number:.{self.digits}g}")
        try:
            result: float = struct.unpack(self.code, struct.pack(self.code, number))[0]
        except OverflowError:
            return math.copysign(math.inf, number)
        return result


DOUBLE = Format(
    code="d", roundoff=ROUNDOFF, smallest=sys.float_info.min, largest=sys.float_info.max
)
SINGLE = Format(code="f", roundoff=2.0**-24, smallest=2.0**-126, largest=(2 - 2.0**-23) * 2.0**127)
HALF = Format(code="e", roundoff=2.0**-11, smallest=2.0**-14, largest=65504.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """The formats in which an engine keeps its numbers: leaves, results and gradients.

    Plain numbers have the format of leaves.
    """

    leaves: Format = DOUBLE
    results: Format = DOUBLE
    gradients: Format = DOUBLE

    @property
    def coarsest(self) -> Format:
        """The format with the fewest digits."""
        return max(self.leaves, self.results, self.gradients, key=lambda one: one.roundoff)


def throughout(precision: Format) -> Formats:
    """Returns the formats of an engine that keeps all its numbers in one."""
    return Formats(leaves=precision, results=precision, gradients=precision)


IN_DOUBLE, IN_SINGLE = throughout(DOUBLE), throughout(SINGLE)


def rounded_to(decimals: int) -> Format:
    """Returns the format of numbers that are rounded to so many decimals."""
    unit = 10.0**-decimals
    return Format(decimals=decimals, roundoff=unit, smallest=unit, largest=DOUBLE.largest)


def rounded_to_digits(digits: int) -> Format:
    """Returns the format of numbers that are rounded to so many significant digits."""
    unit = 10.0 ** (1 - digits)
    return Format(digits=digits, roundoff=unit, smallest=DOUBLE.smallest, largest=DOUBLE.largest)


def divide(a: float, b: float) -> float:
    """a / b; an infinity of the right sign for a division by 0, and nan for 0 / 0."""
    if b:
        return a / b
    return math.nan if not a or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def power(a: float, b: float) -> float:
    """a ** b; nan for a fractional power of a negative number, inf on overflow and for 0 ** -1."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        if a:
            return math.nan
        return math.copysign(math.inf, a) if b % 2 == 1 else math.inf


def exp(x: float) -> float:
    """e ** x; inf on overflow."""
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """The natural logarithm; -inf at 0 and nan below."""
    if x > 0:
        return math.log(x)
    return math.nan if x else -math.inf


def sqrt(x: float) -> float:
    """The square root; nan below 0."""
    return math.nan if x < 0 else math.sqrt(x)


def sin(x: float) -> float:
    """The sine; nan at the infinities."""
    return math.nan if math.isinf(x) else math.sin(x)


def cos(x: float) -> float:
    """The cosine; nan at the infinities."""
    return math.nan if math.isinf(x) else math.cos(x)


def relu(x: float) -> float:
    """x where it is positive, 0 elsewhere; nan stays nan."""
    return x if x > 0 or math.isnan(x) else 0.0


def sigmoid(x: float) -> float:
    """1 / (1 + e ** -x), computed from the side that cannot overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)
