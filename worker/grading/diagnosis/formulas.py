"""Finds formulas for the slopes and values of one operation, from the engine's own numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from worker.grading.diagnosis.catalogue.entries import own
from worker.grading.diagnosis.changes import Change, operands_of
from worker.grading.diagnosis.forms import RULES
from worker.grading.diagnosis.model import Setting
from worker.grading.diagnosis.questions import Probe
from worker.grading.diagnosis.simulate import Numbers
from worker.grading.diagnosis.terms import FEWEST_POINTS, Point, Points, find, gives
from worker.report.model import Quantity

NOT_FOR_ZERO = " if n else 0"  # a power rule often has a case of its own there
MOST_CHANGES = 6  # of a form
MOST_SITES = 40  # the first ones; what holds there is tested on every graph later


@dataclass(frozen=True, slots=True)
class Site:
    """Where one operation is alone: its numbers, its gradient, and the shares of its operands."""

    numbers: Point
    g: float
    shares: tuple[float, ...]


def find_sites(
    form: str, probes: Iterable[Probe], observed: Mapping[str, Numbers | None]
) -> list[Site]:
    """Returns the places where the operands of a form have no other use."""
    sites: list[Site] = []
    for probe in probes:
        numbers = observed.get(probe.id)
        if numbers is None or form not in probe.sites:
            continue
        if len(sites) >= MOST_SITES:
            break
        read = dict(zip(probe.reads, numbers, strict=True))
        for result, operands, number in probe.sites[form]:
            nodes = (*operands, result)
            data = [one for node in nodes if (one := read.get((node, Quantity.DATA))) is not None]
            grads = [one for node in nodes if (one := read.get((node, Quantity.GRAD))) is not None]
            is_known = len(data) == len(grads) == len(nodes) and grads[-1]
            if is_known and all(map(math.isfinite, (*data[:-1], grads[-1]))):
                numbers_there = (data[0], data[-2], number, data[-1])
                sites.append(Site(numbers_there, grads[-1], tuple(grads[:-1])))
    return sites


def formulas_of(form: str, sites: Sequence[Site]) -> Iterator[Change]:
    """Yields the changes to a form whose formulas give the numbers at all of its sites."""
    if len(sites) < FEWEST_POINTS:
        return
    points = tuple(site.numbers for site in sites)
    names = ("a", "b") if form.endswith("VV") else ("a", "n") if form[-1] in "VN" else ("a",)
    value, *slopes = RULES[form]
    values = [site.numbers[3] for site in sites]
    ways: list[list[tuple[Setting, ...]]] = []
    if not gives(value, values, points):
        ways.append([((form, "value", text),) for text in find(values, names, points, value)])
    for i in operands_of(form):
        shares = [site.shares[i] for site in sites]
        seen = [share / site.g for share, site in zip(shares, sites, strict=True)]
        if not gives(slopes[i], seen, points):
            ways.append(_find_slope(form, i, seen, shares, points, (*names, "out")))
    for chosen in itertools.islice(itertools.product(*ways), MOST_CHANGES) if ways else ():
        rules = tuple(rule for part in chosen for rule in part)
        shown = ", ".join(text for _, aspect, text in rules if not aspect.startswith("up"))
        ends = ("", NOT_FOR_ZERO) if form == "**VN" and NOT_FOR_ZERO not in shown else ("",)
        for end in ends:
            written = tuple(
                (form, aspect, f"{text}{end}" if aspect == "slope0" else text)
                for form, aspect, text in rules
            )
            yield Change(
                mistake="formula", forms=(form,), recipes=own(form), rules=written, text=shown
            )


def _find_slope(
    form: str,
    i: int,
    seen: Sequence[float],
    shares: Sequence[float],
    points: Points,
    names: tuple[str, ...],
) -> list[tuple[Setting, ...]]:
    """The settings that give an operand its shares, with the gradient from above or without it."""
    right = RULES[form][1 + i]
    found = find(seen, names, points, right)
    if found:
        return [((form, f"slope{i}", text),) for text in found]
    alone = [] if shares == seen else find(shares, names, points, right)
    return [((form, f"upstream{i}", "1"), (form, f"slope{i}", text)) for text in alone]


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
