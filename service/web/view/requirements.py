"""What a class must have for the suites of an assignment, and what each suite asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from worker.suites import catalogue, rules
from worker.suites.cases import Outline

_BACKWARD = {
    rules.SEED: "backward() sets the gradient of each value, and 1 at the result",
    rules.CHAIN: "a gradient passes through several operations",
    rules.REUSE: "the gradients of a value used more than once add up",
    rules.SHARED: "a result used more than once passes its gradient on once",
    rules.EQUAL: "two values with the same number stay apart",
}
_GROUPS: tuple[tuple[str, Mapping[str, str]], ...] = (
    (
        "Two values",
        {
            name: "-a" if sign == "neg" else f"a {sign} b"
            for sign, name in rules.VALUES.items()
            if sign not in rules.FUNCTIONS_IN_ORDER
        },
    ),
    (
        "A value and a number",
        {name: f"a {sign} 2" for sign, name in rules.NUMBER_ON_THE_RIGHT.items()},
    ),
    (
        "A number and a value",
        {name: f"2 {sign} a" for sign, name in rules.NUMBER_ON_THE_LEFT.items()},
    ),
    ("In place", {name: f"a {sign} b" for sign, name in rules.IN_PLACE_FORMS.items()}),
    ("Functions", {name: f"a.{name}()" for name in rules.FUNCTIONS_IN_ORDER}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """What a class must have: groups of operations in code, and what backward must do."""

    operations: tuple[tuple[str, tuple[str, ...]], ...]
    backward: tuple[str, ...]


def list_requirements(points: Mapping[str, float]) -> Requirements:
    """What the suites with points ask for. Suites that have left the catalogue are skipped."""
    known = catalogue.names()
    needed = frozenset[str]().union(
        *(_rules_of(name) for name, worth in points.items() if worth and name in known)
    )
    operations = tuple(
        (title, forms) for title, named in _GROUPS if (forms := _pick(named, needed))
    )
    return Requirements(operations=operations, backward=_pick(_BACKWARD, needed))


def suite_outline(name: str) -> Outline | None:
    """What a suite is about; None if this installation no longer has it."""
    return catalogue.outline(name) if name in catalogue.names() else None


def _pick(named: Mapping[str, str], needed: Iterable[str]) -> tuple[str, ...]:
    return tuple(form for name, form in named.items() if name in needed)


@cache
def _rules_of(suite: str) -> frozenset[str]:
    cases = catalogue.load(suite).cases
    needs = frozenset[str]().union(*(case.needs for case in cases))
    return needs | {case.establishes for case in cases if case.establishes}
