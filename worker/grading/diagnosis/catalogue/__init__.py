"""The known mistakes. Adding one is adding one entry to a list of this package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from worker.grading.diagnosis.catalogue.closures import CLOSURES
from worker.grading.diagnosis.catalogue.entries import GROUPS, Misconception
from worker.grading.diagnosis.catalogue.formulas import FORMULA, ODD
from worker.grading.diagnosis.catalogue.identity import IDENTITY
from worker.grading.diagnosis.catalogue.messages import IN_MESSAGES
from worker.grading.diagnosis.catalogue.slopes import SLOPES
from worker.grading.diagnosis.catalogue.traversal import TRAVERSAL
from worker.grading.diagnosis.changes import Change

MISCONCEPTIONS: tuple[Misconception, ...] = (
    *TRAVERSAL,
    *CLOSURES,
    *SLOPES,
    *IDENTITY,
    *ODD,
    FORMULA,
    *IN_MESSAGES,
)
BY_KEY: Mapping[str, Misconception] = {one.key: one for one in MISCONCEPTIONS}


@cache
def changes_everywhere() -> tuple[Change, ...]:
    """Returns the changes that are about the whole engine."""
    return tuple(change for one in MISCONCEPTIONS for change in one.everywhere)


@cache
def changes_in(form: str) -> tuple[Change, ...]:
    """Returns the changes of one form, and of the groups of forms that it belongs to."""
    return tuple(_list_changes(form))


def _list_changes(form: str) -> Iterator[Change]:
    for one in MISCONCEPTIONS:
        yield from one.in_form(form)
        for name in one.groups:
            if form in GROUPS[name]:
                yield combine([next(iter(one.in_form(member))) for member in GROUPS[name]])


@cache
def branches_in(form: str) -> tuple[Change, ...]:
    """Returns the changes of one form that are about some numbers only."""
    return tuple(change for one in MISCONCEPTIONS for change in one.in_branches(form))


def combine(changes: list[Change]) -> Change:
    """Returns one change that makes the same mistake in several forms."""
    return Change(
        mistake=changes[0].mistake,
        forms=tuple(form for one in changes for form in one.forms),
        recipes=tuple(recipe for one in changes for recipe in one.recipes),
        rules=tuple(rule for one in changes for rule in one.rules),
    )
