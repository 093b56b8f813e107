"""Gradings of the corpus in the sandbox, over all suites."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypeVar
from unittest.mock import patch

from tests.support.separate_processes import map_apart
from worker.grading import grade as grade_module
from worker.grading.diagnosis.diagnose import Findings
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.suites.catalogue import load, names

Result = TypeVar("Result")
SEED = 7  # of the random graphs, so that a header can name them
# Of 40 seeds that were tried, these came closest to the edges of the bands.
OTHER_SEEDS = (1, 4, 14, 18)


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


def grade_apart(sources: Iterable[str]) -> list[Report]:
    """A grading of each file over all suites, in order, without diagnoses.

    Every core grades a part of the files, in a process that coverage doesn't slow.
    """
    return _spread(_grade, list(sources))


def score_all(sources: Iterable[str]) -> list[float]:
    """The score of each file over the suites that give points, in order; see `grade_apart`."""
    return _spread(_score, list(sources))


def losses_of(sources: Iterable[str]) -> list[tuple[float, ...]]:
    """The points that each file loses with each seed of random graphs, in order.

    Like `score_all`. Only the random graphs are graded again.
    """
    return _spread(_losses, list(sources))


def _spread(grade_part: Callable[[list[str]], list[Result]], files: list[str]) -> list[Result]:
    parts = os.cpu_count() or 1
    found = map_apart(grade_part, [files[part::parts] for part in range(parts)])
    return [found[place % parts][place // parts] for place in range(len(files))]


def _grade(sources: list[str]) -> list[Report]:
    with undiagnosed(), Sandbox() as sandbox:
        return [grade_all(source, sandbox) for source in sources]


def _score(sources: list[str]) -> list[float]:
    chosen = [item for item in selections() if item.weight]
    with undiagnosed(), Sandbox() as sandbox:
        return [grade(source, chosen, sandbox, seed=SEED).score for source in sources]


def _losses(sources: list[str]) -> list[tuple[float, ...]]:
    fixed = [item for item in selections() if item.weight and item.suite.name != "random"]
    (weight,) = (item.weight for item in selections() if item.suite.name == "random")
    random = [
        (seed, [Selection(suite=load("random", seed), weight=weight)])
        for seed in (SEED, *OTHER_SEEDS)
    ]

    lost = []
    with undiagnosed(), Sandbox() as sandbox:
        for source in sources:
            always = _lose(source, fixed, SEED, sandbox)
            each = [always + _lose(source, graphs, seed, sandbox) for seed, graphs in random]
            lost.append(tuple(round(points, 2) for points in each))
    return lost


def _lose(source: str, chosen: Sequence[Selection], seed: int, sandbox: Sandbox) -> float:
    report = grade(source, chosen, sandbox, seed=seed)
    return report.max_score - report.score


@contextmanager
def undiagnosed() -> Iterator[None]:
    """Leaves out diagnoses and counterexamples, which take longer than many gradings.

    No verdict depends on them.
    """
    with (
        patch.object(grade_module, "explain", lambda *_: Findings()),
        patch.object(grade_module, "find_counterexample", lambda *_: None),
    ):
        yield
