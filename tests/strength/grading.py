"""Gradings of the corpus in the sandbox, over all suites."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache

from tests.support.separate_processes import map_apart
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


def score_all(sources: Iterable[str]) -> list[float]:
    """The score of each file over the suites that give points, in order.

    Every core grades a part of the files, in a process that coverage doesn't slow.
    """
    files, parts = list(sources), os.cpu_count() or 1
    scores = [0.0] * len(files)
    for part, found in enumerate(map_apart(_score, [files[part::parts] for part in range(parts)])):
        scores[part::parts] = found
    return scores


def _score(sources: list[str]) -> list[float]:
    chosen = [item for item in selections() if item.weight]
    with Sandbox() as sandbox:
        return [grade(source, chosen, sandbox, seed=SEED).score for source in sources]
