"""Engines with two slips: does the second ever raise the mark?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from tests.strength.grading import score_all
from tests.students.one_slip import Slip, one_slip, two_slips

ROUNDING = 1e-9  # of sums of points
LAST_PART = "the part assigned last is another one, and in a few graphs the others add up to 0"
OWN_DIVISION = "a / b with the sign lost"  # writes a / b without * and **, which others have wrong
OWN_SEED = "the seed is the output's number"
NO_UPSTREAM = "what forgets the upstream gradient needs no {}"

# Where a second slip repairs what the first has broken, or hides it.
REPAIRS = {
    ("* gives own data", OWN_DIVISION): "a / b no longer needs *",
    ("* without closure", OWN_DIVISION): "a / b no longer needs *",
    ("* gives own data", "* without closure"): "without a closure, its slope doesn't matter",
    ("assigns everywhere", "naive recursion"): LAST_PART,
    ("the power forgets upstream", "order not reversed"): NO_UPSTREAM.format("order"),
    ("assigns in all functions", "append outside the guard"): "a part assigned twice isn't doubled",
    ("the power forgets n", "the power forgets upstream"): "where n is 0.5 and upstream is 2",
    ("the power forgets upstream", OWN_DIVISION): "a / b no longer needs **",
    ("log of x + 1e-8", "single precision"): "single precision doesn't see 1e-8",
    ("* gives own data", "assigns in x *= y"): "x *= y no longer needs *",
    ("* without closure", "assigns in x *= y"): "x *= y no longer needs *",
    ("the power forgets upstream", "x /= y forgets y"): "x /= y no longer needs **",
    ("the power forgets upstream", OWN_SEED): NO_UPSTREAM.format("seed"),
    ("functions forget upstream", "order not reversed"): NO_UPSTREAM.format("order"),
    ("functions forget upstream", OWN_SEED): NO_UPSTREAM.format("seed"),
    ("sigmoid with 1 - s", OWN_SEED): "the seed s is the factor that the slope lacks",
    ("sigmoid with 1 - s", "single precision"): "where s is nearly 1, float32 can't tell s from 1",
    ("single precision", OWN_SEED): "float32 can't tell a seed of nearly 1 from 1",
    ("assigns in +", OWN_SEED): LAST_PART,
    ("order never built", "two levels only"): "two levels need no order",
    ("breadth-first once", "2 ** x forgets its operand"): "without its shortest way, x is met last",
    ("a - b gives +1 to both", "+ forgets its operands"): "a - b no longer needs +",
    (OWN_SEED, "only the first operand is kept"): "in one graph, the seed is the lost share",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """Two slips that together score more than one of them alone."""

    slips: tuple[str, str]
    alone: float
    together: float


def find_raises(
    slips: Mapping[str, Slip], alone: Mapping[str, float], *, step: int = 1
) -> list[Raise]:
    """The pairs that score more than their better half, of every `step`-th pair.

    `alone` has the scores of single slips.
    """
    pairs = list(itertools.islice(two_slips(slips), 0, None, step))
    scores = score_all(source for *_, source in pairs)
    return [
        Raise(slips=(one, other), alone=min(alone[one], alone[other]), together=score)
        for (one, other, _), score in zip(pairs, scores, strict=True)
        if score > min(alone[one], alone[other]) + ROUNDING
    ]


def score_alone(slips: Mapping[str, Slip]) -> dict[str, float]:
    """The score of each engine with one slip, and of the right one."""
    engines = one_slip(slips)
    return dict(zip(engines, score_all(engines.values()), strict=True))
