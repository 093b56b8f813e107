"""Gradings of the corpus in the sandbox, over all suites."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.suites.catalogue import load, names

SEED = 7  # of the random graphs, so that a header can name them


@cache
def selections() -> tuple[Selection, ...]:
    """All suites at the weights they come with."""
    suites = [load(name, SEED) for name in names()]
    return tuple(Selection(suite=suite, weight=suite.weight) for suite in suites)


def all_cases() -> Sequence[str]:
    """Every case as suite/id, in order."""
    return [f"{item.suite.name}/{case.id}" for item in selections() for case in item.suite.cases]


def grade_all(source: str, sandbox: Sandbox) -> Report:
    """A grading of one file over all suites."""
    return grade(source, selections(), sandbox, seed=SEED)
