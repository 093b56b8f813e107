"""Larger graphs aren't run where counted calls show that they would take too long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from worker.grading.growth import Growth
from worker.report.model import Cost, Verdict
from worker.sandbox import Failure, Observation
from worker.suites.cases import Kind
from worker.suites.catalogue import load

SIZES = [case for case in load("robustness").cases if case.graph_id == "stacked-diamonds"]


def observed(calls: int | None) -> Observation:
    return Observation((), Cost(cpu_seconds=1, memory_bytes=1, calls=calls, nodes=9))


def foresee(*calls: int | None) -> str | None:
    """The message for the size after those with these calls."""
    growth = Growth()
    for case, count in zip(SIZES, calls, strict=False):
        assert growth.foresee(case) is None
        growth.note(case, observed(count))
    failure = growth.foresee(SIZES[len(calls)])
    assert failure is None or failure.verdict is Verdict.TIMEOUT
    return None if failure is None else failure.message


def test_a_first_and_a_second_size_always_run() -> None:
    assert foresee() is None
    assert foresee(999_999) is None


@pytest.mark.parametrize("calls", [(100, 200), (1_000, 4_000), (500, 500), (900, 100), (50, 5_000)])
def test_a_size_that_may_end_in_time_runs(calls: tuple[int, int]) -> None:
    assert foresee(*calls) is None


def test_a_size_that_takes_too_many_calls_does_not_run() -> None:
    assert foresee(2_628, 655_492) == (
        "Not run, because from n = 8 to n = 16 the calls grew from 2,628 to 655,492."
    )


@pytest.mark.parametrize("calls", [(None, None), (0, 655_492), (2_628, 0)])
def test_without_counts_every_size_runs(calls: tuple[int | None, int | None]) -> None:
    assert foresee(*calls) is None


def test_no_size_after_one_that_took_too_long_runs() -> None:
    growth = Growth()
    growth.note(SIZES[0], Failure(verdict=Verdict.TIMEOUT, message="Too long."))
    failure = growth.foresee(SIZES[1])
    assert failure is not None
    assert failure.message == "Not run, because n = 8 took too long."


def test_a_second_run_decides_like_the_first() -> None:
    growth = Growth()
    for _ in range(2):
        for case, calls in zip(SIZES, (2_628, 655_492), strict=False):
            assert growth.foresee(case) is None
            growth.note(case, observed(calls))
        failure = growth.foresee(SIZES[2])
        assert failure is not None
        assert "grew from 2,628 to 655,492" in failure.message
        growth.note(SIZES[2], failure)


def test_another_failure_keeps_no_larger_size_from_running() -> None:
    growth = Growth()
    growth.note(SIZES[0], Failure(verdict=Verdict.ERROR, message="RecursionError"))
    assert growth.foresee(SIZES[1]) is None


def test_a_size_without_a_cost_says_nothing() -> None:
    growth = Growth()
    for case in SIZES[:2]:
        growth.note(case, Observation(()))
    assert growth.foresee(SIZES[2]) is None


def test_only_cases_that_measure_growth_are_compared() -> None:
    growth = Growth()
    plain = replace(SIZES[0], kind=Kind.NUMBERS)
    growth.note(plain, Failure(verdict=Verdict.TIMEOUT, message="Too long."))
    assert growth.foresee(SIZES[1]) is None
    growth.note(SIZES[0], Failure(verdict=Verdict.TIMEOUT, message="Too long."))
    assert growth.foresee(replace(SIZES[1], kind=Kind.NUMBERS)) is None
