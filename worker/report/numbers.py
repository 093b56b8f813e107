"""Numbers as texts, in reports and programs."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Context, Decimal

DIGITS = 6  # of a number that is shown shortly, unless two numbers need more to differ
ALL_DIGITS = 17  # any two floats differ in these

_ceiling = Context(prec=2, rounding=ROUND_CEILING)


def show(number: float) -> str:
    """The shortest text that reads back as the same number; whole numbers have no fraction.

    >>> show(3.0), show(0.5)
    ('3', '0.5')
    """
    if float(number).is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def round_up(number: float) -> str:
    """The text of a number in two digits, rounded up. So a tolerance still allows what it did.

    >>> round_up(8.11e-15), round_up(0.0)
    ('8.2e-15', '0')
    """
    return show(float(_ceiling.create_decimal(Decimal(repr(number)))))


def show_point(point: Mapping[str, float]) -> str:
    """A point as titles end.

    >>> show_point({"x1": 3, "x2": -4})
    'x1 = 3, x2 = -4'
    """
    return ", ".join(f"{name} = {show(number)}" for name, number in point.items())


def shorten(first: float, second: float) -> tuple[str, str]:
    """The texts of two numbers, with as many digits as they need to differ.

    >>> shorten(1 / 3, 2 / 3), shorten(1.0, 1.00000001)
    (('0.333333', '0.666667'), ('1', '1.00000001'))
    """
    for digits in range(DIGITS, ALL_DIGITS + 1):
        shown = [show_shortly(number, digits) for number in (first, second)]
        if shown[0] != shown[1]:
            break
    return shown[0], shown[1]


def show_shortly(number: float, digits: int = DIGITS) -> str:
    """The text of a number in a few digits.

    >>> show_shortly(2 / 3), show_shortly(3.0)
    ('0.666667', '3')
    """
    return show(float(f"{number:.{digits}g}"))
