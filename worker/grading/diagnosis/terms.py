"""Finds short expressions that have given numbers at some points."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.grading.diagnosis.rules import compile_rule
from worker.grading.diagnosis.slips import slip

FEWEST_POINTS = 3
MOST_POINTS = 8  # that expressions are looked up at; a match is tested at all others
MOST_FOUND = 3
NEAR = 1e-8  # relative: an expression must agree to 8 digits at every point
UNDEFINED = "a / 0"
SYMBOL = re.compile(r"\w+|\*\*|[-+*/<>]")
FUNCTIONS = (
    "tanh({})", "exp({})", "exp(-{})", "log({})", "sin({})", "cos({})", "sqrt({})", "abs({})",
    "sigmoid({})", "sigmoid(-{})", "log(1 + {})", "exp(2 * {})", "tanh({} / 2)", "int({})",
    "log({}) / log(10)", "1 / ({} * log(10))", "log({}) / log(2)", "exp({} - 1)", "pow(2, {})",
    "pow(2.718, {})", "1 / ({} + 1e-8)", "sqrt(abs(1 - {}**2))",
)  # fmt: skip
POWERS = ("{}**2", "{}**3", "1 / {}", "-{}", "1 - {}", "1 + {}", "sqrt(abs({}))")
MASKS = ("{} > 0", "{} < 0", "{} >= 0", "{} > 1", "{} > -1", "sign({})", "max({}, 0)")
WITH_TWO = (
    "pow(a, {})", "pow(a, {} - 1)", "pow(a, {} + 1)", "pow({}, a)", "pow({}, a - 1)",
    "pow(a, 1 - {})", "pow(a, -{})", "pow(-a, {})", "({} - 1)", "pow({0}, a) if {0} > 0 else 0",
)  # fmt: skip
SIGNS = ("+", "-", "*", "/")

Point = tuple[float, float, float, float]  # a, b, n, out
Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An expression, and its numbers at some points."""

    text: str
    numbers: tuple[float, ...]

    @property
    def symbols(self) -> int:
        """How many symbols it takes to write."""
        return len(SYMBOL.findall(self.text))


def find(wanted: Sequence[float], names: tuple[str, ...], points: Points, right: str) -> list[str]:
    """Returns the shortest expressions that have these numbers at the points, at most a few.

    `right` is the right rule: a slip in it is preferred. Where a number isn't finite, the
    expression must have none either.
    """
    finite = [index for index, number in enumerate(wanted) if math.isfinite(number)]
    if not finite and len(wanted) >= FEWEST_POINTS:
        return [UNDEFINED]
    chosen = _choose(points, finite)
    if len(chosen) < FEWEST_POINTS:
        return []
    at = tuple(points[index] for index in chosen)
    goal = tuple(wanted[index] for index in chosen)
    found = (*_find_slips(goal, names, at, right), *_find_terms(goal, names, at))
    found = found or _find_pairs(goal, names, at, right)
    return [text for text in dict.fromkeys(found) if gives(text, wanted, points)][:MOST_FOUND]


def gives(text: str, wanted: Sequence[float], points: Sequence[Point]) -> bool:
    """Whether an expression has these numbers at the points, and none where they aren't finite."""
    return all(
        is_near(have, want) if math.isfinite(want) else not math.isfinite(have)
        for have, want in zip(evaluate(text, points), wanted, strict=True)
    )


def evaluate(text: str, points: Sequence[Point]) -> tuple[float, ...]:
    """Returns the numbers of an expression at the points; nan where it has none."""
    return tuple(_evaluate(compile_rule(text), point) for point in points)


def _evaluate(function: Callable[..., float], point: Point) -> float:
    try:
        return float(function(*point, 0.0, 0.0, 0.0))
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def is_near(one: float, other: float) -> bool:
    """Whether two numbers agree to 8 digits. One that isn't finite agrees with none."""
    return abs(one - other) <= NEAR * max(min(abs(one), abs(other)), 1e-3)


def _choose(points: Points, finite: Sequence[int]) -> list[int]:
    """Different points, those without a 0 first: there, more expressions have a number."""
    known: dict[Point, int] = {}
    for index in finite:
        known.setdefault(points[index], index)
    with_zero = [index for point, index in known.items() if _has_zero(point)]
    chosen = [index for point, index in known.items() if not _has_zero(point)]
    return [*chosen, *with_zero][:MOST_POINTS]


def _has_zero(point: Point) -> bool:
    return not (point[0] and point[1] and point[3])


def _find_slips(
    goal: tuple[float, ...], names: tuple[str, ...], points: Points, right: str
) -> Iterator[str]:
    return (term.text for term in _make_slips(right, names, points) if _agree(term.numbers, goal))


@lru_cache(maxsize=256)
def _make_slips(right: str, names: tuple[str, ...], points: Points) -> list[Term]:
    return [Term(text, evaluate(text, points)) for text in slip(right, names)]


def _find_terms(goal: tuple[float, ...], names: tuple[str, ...], points: Points) -> Iterator[str]:
    found = _make_terms(names, points).look_up(goal)
    yield from (term.text for term in sorted(found, key=_length))
    if not found and all(is_near(number, goal[0]) for number in goal):
        yield repr(goal[0])


def _length(term: Term) -> tuple[int, int, str]:
    return term.symbols, len(term.text), term.text


# How a wanted number w is made of two terms, and what the second one is then if the first is x.
Split = tuple[str, Callable[[float, float], float]]
SPLITS: tuple[Split, ...] = (
    ("{0} + {1}", lambda w, x: w - x),
    ("{0} - {1}", lambda w, x: x - w),
    ("{0} * {1}", lambda w, x: w / x),
    ("{0} / {1}", lambda w, x: 1 / (w / x)),  # so that neither is 0
)
NOT_QUOTIENTS = SPLITS[:3]  # which may be 0


@lru_cache(maxsize=256)  # the same wrong traversal gives the same numbers to each operation
def _find_pairs(
    goal: tuple[float, ...], names: tuple[str, ...], points: Points, right: str
) -> tuple[str, ...]:
    """The shortest expressions of two terms, of which one may be the right rule."""
    terms = _make_terms(names, points)
    rule = Term(right, evaluate(right, points))
    at = _find_telling(goal, rule.numbers)
    found: list[Term] = []
    for term in (*terms.all, rule):
        for sign, rest in terms.find_splits(goal, term, at):
            try:
                others = terms.look_up(tuple(map(rest, goal, term.numbers)))
            except ZeroDivisionError:
                continue
            for other in sorted(others, key=_length)[:1]:
                text = sign.format(_wrap(term.text), _wrap(other.text))
                found.append(Term(text, goal))
    return tuple(one.text for one in sorted(found, key=_length))


def _find_telling(goal: Sequence[float], right: Sequence[float]) -> int:
    """The point whose number rules out the most pairs: not 0, and not the right rule's.

    Terms that are made of one another add up to the right rule wherever it holds.
    """
    points = range(len(goal))
    return max(points, key=lambda at: (bool(goal[at]), not is_near(goal[at], right[at])))


def _wrap(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+|\w+\([^()]*\)|[a-z]+\*\*\d", text) else f"({text})"


class Terms:
    """Expressions, sorted by their number at each point, to find those with wanted numbers."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.all = terms
        self._sorted: dict[int, tuple[list[Term], list[float]]] = {}

    def look_up(self, goal: Sequence[float]) -> list[Term]:
        """Returns the terms that have these numbers at the points."""
        at, other = (0, 1) if goal[0] else (1, 0)  # many terms are 0 somewhere
        terms, numbers = self._sort(at)
        margin = NEAR * max(abs(goal[at]), 1e-3)
        low = bisect_left(numbers, goal[at] - margin)
        high = bisect_right(numbers, goal[at] + margin)
        rough = 2 * NEAR * max(abs(goal[other]), 1e-3)  # most of the others end here
        return [
            term
            for term in terms[low:high]
            if -rough <= term.numbers[other] - goal[other] <= rough and _agree(term.numbers, goal)
        ]

    def find_splits(self, goal: Sequence[float], term: Term, at: int) -> Iterator[Split]:
        """Yields the splits of which some term has the second number at this point."""
        _, numbers = self._sort(at)
        w, x, count = goal[at], term.numbers[at], len(numbers)
        for split in SPLITS if all(goal) else NOT_QUOTIENTS:
            try:
                second = split[1](w, x)
            except ZeroDivisionError:
                continue
            margin = NEAR * max(abs(second), 1e-3)
            index = bisect_left(numbers, second - margin)
            if index < count and numbers[index] <= second + margin:
                yield split

    def _sort(self, at: int) -> tuple[list[Term], list[float]]:
        if at not in self._sorted:
            terms = sorted(self.all, key=lambda term: term.numbers[at])
            self._sorted[at] = terms, [term.numbers[at] for term in terms]
        return self._sorted[at]


def _agree(one: Sequence[float], other: Sequence[float]) -> bool:
    return all(map(is_near, one, other))


@lru_cache(maxsize=128)
def _make_terms(names: tuple[str, ...], points: Points) -> Terms:
    """The expressions to look among."""
    atoms = [*names, "1", "2"]
    texts = [*atoms, "0", "0.5", "-1"]
    for name in names:
        texts += [shape.format(name) for shape in (*FUNCTIONS, *POWERS, *MASKS)]
    core = [*atoms, *(shape.format(name) for name in names for shape in POWERS[:3])]
    for left in core:
        for right in core:
            if left != right or left not in "12":
                texts += [f"{_wrap(left)} {sign} {_wrap(right)}" for sign in SIGNS]
    if "n" in names or "b" in names:
        texts += [shape.format(names[1]) for shape in WITH_TWO]
    known: dict[tuple[float, ...], Term] = {}
    for text in texts:
        term = Term(text, evaluate(text, points))
        same = known.get(term.numbers)
        if all(map(math.isfinite, term.numbers)) and (same is None or term.symbols < same.symbols):
            known[term.numbers] = term
    return Terms(sorted(known.values(), key=lambda term: term.numbers))
