"""Explains engines that keep results from one graph to the next: their answers depend on order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.failures import NOT_RUN
from worker.grading.diagnosis.forms import RIGHT
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import (
    COMPARED,
    Judged,
    failed,
    is_compared,
    list_questions,
)
from worker.grading.diagnosis.prepared import Prepared
from worker.grading.diagnosis.search import agree
from worker.grading.diagnosis.simulate import Numbers, simulate_next
from worker.graph import Question
from worker.sandbox.host.outcome import Failure, Observation

Asked = tuple[Prepared, Numbers | None]  # None: asked, but compared with nothing
FUNCTIONS = [form for form in RIGHT if form.isalpha()]


def find_kept(judged: Judged, outcomes: Sequence[Observation | Failure]) -> int:
    """How many tests an engine that remembers results explains: all that can be compared, or 0.

    The tests ran in one session, in this order, and the questions of diagnosis in another.
    """
    tests = list(_list_tests(judged))
    asked = [
        _prepare(question, outcome.numbers if isinstance(outcome, Observation) else None)
        for question, outcome in zip(list_questions(), outcomes, strict=False)
    ]
    compared = [one for one in tests if one[1] is not None]
    if len(asked) < len(list_questions()) or not failed(judged):
        return 0
    for form in ("", *FUNCTIONS):
        model = Model(identity=f"remembered {form}".rstrip())
        if _gives(model, asked) and _gives(model, tests):
            return len(compared)
    return 0


def _list_tests(judged: Judged) -> Iterator[Asked]:
    for _, case, report in judged:
        if report.message.startswith(NOT_RUN):
            continue
        numbers = None
        if report.verdict in COMPARED and report.counts and is_compared(case):
            numbers = tuple(check.actual for check in report.checks)
        yield _prepare(case.question, numbers)


def _prepare(question: Question, numbers: Numbers | None) -> Asked:
    reads = question.reads if numbers is None else question.reads[: len(numbers)]
    return Prepared(question.graph, reads), numbers


def _gives(model: Model, answered: Iterable[Asked]) -> bool:
    """Whether one engine of this model gives these numbers, asked in this order."""
    engine = Engine(model)
    for prepared, numbers in answered:
        predicted = simulate_next(engine, prepared)
        if numbers is None or not all(one is None or math.isfinite(one) for one in numbers):
            continue
        if not agree(predicted, numbers):
            return False
    return True
