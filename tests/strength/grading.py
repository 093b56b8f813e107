"""Gradings of the corpus in the sandbox, over all suites."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import cache
from queue import SimpleQueue

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
    """The score of each file over all suites, in order. Two sandboxes use both cores."""
    free: SimpleQueue[Sandbox] = SimpleQueue()
    workers = min(2, os.cpu_count() or 1)

    def score(source: str) -> float:
        sandbox = free.get()
        try:
            return grade_all(source, sandbox).score
        finally:
            free.put(sandbox)

    with ExitStack() as stack:
        for _ in range(workers):
            free.put(stack.enter_context(Sandbox()))
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        return list(pool.map(score, sources))
