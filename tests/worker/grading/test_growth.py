"""Larger graphs aren't run where counted calls show that they would take too long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.students import engine
from worker.grading.grade import grade
from worker.grading.growth import Growth
from worker.grading.marking import Selection
from worker.report.model import Cost, Verdict
from worker.sandbox import Failure, Observation, Sandbox
from worker.suites.cases import Kind
from worker.suites.catalogue import load

WALKS = """
def step(): pass
usual = Value.backward
def backward(self):
    for _ in range(int((self.data * 2) ** 1.5)): step()
    usual(self)
Value.backward = backward
"""
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


CHAINS = [case for case in load("robustness").cases if case.graph_id == "deep-chain"]


@pytest.mark.parametrize(
    ("calls", "is_known"),
    [((804, 4_004), True), ((804, 4_500), False), ((804,), False), ((), False), ((9, None), False)],
)
def test_a_size_is_not_counted_once_smaller_ones_show_proportion(
    calls: tuple[int | None, ...], is_known: bool
) -> None:
    growth = Growth()
    for case, count in zip(CHAINS, calls, strict=False):
        growth.note(case, observed(count))
    assert growth.is_proportional(CHAINS[2]) is is_known


def graded(source: str, sandbox: Sandbox, graph: str) -> list[tuple[str, bool, bool]]:
    """The verdict of each size of a graph, and whether it has a cost and a number of calls."""
    suite = load("robustness")
    cases = tuple(case for case in suite.cases if case.graph_id == graph)
    selection = Selection(suite=replace(suite, cases=cases), weight=1)
    report = grade(source, [selection], sandbox, seed=1)
    costs = [(case.verdict.value, case.cost) for case in report.suites[0].cases]
    return [(v, cost is not None, cost is not None and cost.calls is not None) for v, cost in costs]


def test_calls_that_grow_faster_are_counted_at_all_sizes(sandbox: Sandbox) -> None:
    usual = engine("right/closures")
    counted, uncounted = ("passed", True, True), ("passed", True, False)
    assert graded(usual, sandbox, "deep-chain") == [counted, counted, uncounted]
    assert graded(usual, sandbox, "stacked-diamonds") == [counted] * 3
    walks = usual + WALKS
    assert graded(walks, sandbox, "wide-sum") == [counted] * 3
