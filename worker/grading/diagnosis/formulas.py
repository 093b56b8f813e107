"""Finds formulas for the slopes and values of one operation, from the engine's own numbers."""

from __future__ import annotations

import bisect
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.grading.diagnosis.catalogue.entries import own
from worker.grading.diagnosis.changes import Change, operands_of
from worker.grading.diagnosis.forms import RULES
from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.rules import compile_rule
from worker.grading.diagnosis.simulate import Numbers
from worker.report.model import Quantity

FEWEST_SITES = 3
NEAR = 1e-8  # relative: formulas must agree to 8 digits at every site
SYMBOL = re.compile(r"\w+|\*\*|[-+*/<>]")
FUNCTIONS = (
    "tanh({})", "exp({})", "exp(-{})", "log({})", "sin({})", "cos({})", "sqrt({})", "abs({})",
    "sigmoid({})", "sigmoid(-{})",
)  # fmt: skip
POWERS = ("{}**2", "{}**3", "1 / {}", "-{}", "1 - {}", "1 + {}", "sqrt(abs({}))")
MASKS = ("{} > 0", "{} < 0", "{} >= 0", "{} > 1", "{} > -1", "sign({})", "max({}, 0)")
NOT_FOR_ZERO = " if n else 0"  # a power rule often has a case of its own there
FIRSTS = ("+", "-", "*", "/")


@dataclass(frozen=True, slots=True)
class Site:
    """Where one operation is alone: its numbers, its gradient, and the shares of its operands."""

    numbers: tuple[float, float, float, float]  # a, b, n, out
    g: float
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """An expression, and its numbers at the sites of a form."""

    text: str
    numbers: tuple[float, ...]

    @property
    def symbols(self) -> int:
        """How many symbols it takes to write."""
        return len(SYMBOL.findall(self.text))


def find_sites(
    form: str, probes: Iterable[Probe], observed: Mapping[str, Numbers | None]
) -> list[Site]:
    """Returns the places where the operands of a form have no other use."""
    sites = []
    for probe in probes:
        numbers = observed.get(probe.id)
        if numbers is None or form not in probe.sites:
            continue
        read = dict(zip(probe.reads, numbers, strict=True))
        for result, operands, number in probe.sites[form]:
            nodes = (*operands, result)
            data = [one for node in nodes if (one := read.get((node, Quantity.DATA))) is not None]
            grads = [one for node in nodes if (one := read.get((node, Quantity.GRAD))) is not None]
            if len(data) == len(grads) == len(nodes) and grads[-1]:
                numbers_there = (data[0], data[-2], number, data[-1])
                sites.append(Site(numbers_there, grads[-1], tuple(grads[:-1])))
    return sites


def formulas_of(form: str, sites: Sequence[Site]) -> Iterator[Change]:
    """Yields the change to a form whose formulas give the numbers at all of its sites."""
    if len(sites) < FEWEST_SITES:
        return
    points = tuple(site.numbers for site in sites)
    variables = ("a", "b") if form.endswith("VV") else ("a", "n") if form[-1] in "VN" else ("a",)
    rules = []
    value, *slopes = RULES[form]
    values = tuple(site.numbers[3] for site in sites)
    if not _gives(value, values, points):
        text = _find(values, variables, points)
        if text is None:
            return
        rules.append((form, "value", text))
    for i in operands_of(form):
        shares = tuple(site.shares[i] for site in sites)
        seen = tuple(share / site.g for share, site in zip(shares, sites, strict=True))
        if _gives(slopes[i], seen, points):
            continue
        text = _find(seen, (*variables, "out"), points)
        if text is None:
            text = _find(shares, (*variables, "out"), points)
            if text is None:
                return
            rules.append((form, f"upstream{i}", "1"))
        rules.append((form, f"slope{i}", text))
    if rules:
        shown = ", ".join(text for _, aspect, text in rules if not aspect.startswith("up"))
        for end in ("", NOT_FOR_ZERO) if form == "**VN" else ("",):
            written = tuple(
                (form, aspect, f"{text}{end}" if aspect == "slope0" else text)
                for form, aspect, text in rules
            )
            yield Change(
                mistake="formula", forms=(form,), recipes=own(form), rules=written, text=shown
            )


def _find(
    wanted: tuple[float, ...], variables: tuple[str, ...], points: tuple[tuple[float, ...], ...]
) -> str | None:
    """Returns the shortest expression that has these numbers at the points."""
    if not all(map(math.isfinite, wanted)):
        return None
    terms, firsts = _make_terms(variables, points)
    best: Term | None = _look_up(wanted, terms, firsts)
    if best is not None:
        return best.text
    found: list[Term] = []
    for term in terms:
        for sign, rest in SPLITS:
            try:
                first = rest(wanted[0], term.numbers[0])
                if not _has_near(first, firsts):  # most splits end here
                    continue
                other = _look_up(tuple(map(rest, wanted, term.numbers)), terms, firsts)
            except ZeroDivisionError:
                continue
            if other is not None:
                text = sign.format(_wrap(term.text), _wrap(other.text))
                found.append(Term(text, wanted))
    return (
        min(found, key=lambda one: (one.symbols, len(one.text), one.text)).text if found else None
    )


# How a wanted number w is made of two terms, and what the second one is then if the first is x.
SPLITS: tuple[tuple[str, Callable[[float, float], float]], ...] = (
    ("{0} + {1}", lambda w, x: w - x),
    ("{0} - {1}", lambda w, x: x - w),
    ("{0} * {1}", lambda w, x: w / x),
    ("{0} / {1}", lambda w, x: 1 / (w / x)),  # so that neither is 0
)


def _has_near(first: float, firsts: Sequence[float]) -> bool:
    margin = NEAR * max(abs(first), 1e-3)
    index = bisect.bisect_left(firsts, first - margin)
    return index < len(firsts) and firsts[index] <= first + margin


def _wrap(text: str) -> str:
    return text if re.fullmatch(r"[\w.]+|\w+\([^()]*\)|[a-z]+\*\*\d", text) else f"({text})"


def _look_up(
    wanted: Sequence[float], terms: Sequence[Term], firsts: Sequence[float]
) -> Term | None:
    first = wanted[0]
    margin = NEAR * max(abs(first), 1e-3)
    index = bisect.bisect_left(firsts, first - margin)
    best: Term | None = None
    while index < len(firsts) and firsts[index] <= first + margin:
        term = terms[index]
        if _is_near(term.numbers, wanted) and (best is None or term.symbols < best.symbols):
            best = term
        index += 1
    return best


def _is_near(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether all numbers agree. An infinite one agrees with none."""
    return all(
        abs(x - y) <= NEAR * max(min(abs(x), abs(y)), 1e-3) for x, y in zip(one, other, strict=True)
    )


@lru_cache(maxsize=128)
def _make_terms(
    variables: tuple[str, ...], points: tuple[tuple[float, ...], ...]
) -> tuple[list[Term], list[float]]:
    """The expressions to look among, sorted by their number at the first point."""
    names = [*variables, "1", "2"]
    simple = [*names, "0", "0.5", "-1"]
    for name in variables:
        simple += [shape.format(name) for shape in (*FUNCTIONS, *POWERS, *MASKS)]
    core = [*names, *(shape.format(name) for name in variables for shape in POWERS[:3])]
    texts = list(simple)
    for left in core:
        for right in core:
            if left != right or left not in "12":
                texts += [f"{_wrap(left)} {sign} {_wrap(right)}" for sign in FIRSTS]
    if "n" in variables or "b" in variables:
        other = variables[1]
        texts += [
            shape.format(other)
            for shape in (
                "pow(a, {})", "pow(a, {} - 1)", "pow(a, {} + 1)", "pow({}, a)", "pow({}, a - 1)",
                "pow(a, 1 - {})", "pow(a, -{})", "({} - 1)",
            )
        ]  # fmt: skip
    known: dict[tuple[float, ...], Term] = {}
    for text in texts:
        try:
            numbers = _evaluate(text, points)
        except (ArithmeticError, ValueError):
            continue
        term = Term(text, numbers)
        same = known.get(numbers)
        if all(map(math.isfinite, numbers)) and (same is None or term.symbols < same.symbols):
            known[numbers] = term
    terms = sorted(known.values(), key=lambda term: term.numbers)
    return terms, [term.numbers[0] for term in terms]


def _gives(text: str, wanted: Sequence[float], points: Iterable[tuple[float, ...]]) -> bool:
    """Whether an expression has these numbers at the points. The engine's own may be odd there."""
    try:
        return _is_near(_evaluate(text, points), wanted)
    except (ArithmeticError, ValueError):
        return False


def _evaluate(text: str, points: Iterable[tuple[float, ...]]) -> tuple[float, ...]:
    function = compile_rule(text)
    return tuple(float(function(a, b, n, out, 0.0, 0.0, 0.0)) for a, b, n, out in points)


class Formulas:
    """The formulas of an engine's forms, each looked up when it is asked for."""

    def __init__(self, probes: Sequence[Probe], observed: Mapping[str, Numbers | None]) -> None:
        self._probes, self._observed = probes, observed
        self._found: dict[str, list[Change]] = {}

    def changes(self, form: str) -> list[Change]:
        """Returns the changes to a form that give its numbers."""
        if form not in self._found:
            sites = find_sites(form, self._probes, self._observed)
            self._found[form] = list(formulas_of(form, sites))
        return self._found[form]
