"""Numbers become verdicts, and a sentence that says why."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from worker.grading.judge import compare, judge, reconcile
from worker.grading.precision import Loss, settle
from worker.reference.floats import IN_SINGLE
from worker.report.model import Cost, Precision, PrecisionKind, Quantity, Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case, Expectation, Kind
from worker.suites.catalogue import load, names

INF, NAN = math.inf, math.nan
LEAVES = next(case for case in load("worked-example").cases if case.id == "leaves")
RIGHT = tuple(due.expected for due in LEAVES.expectations)


def observe(**numbers: float | None) -> Observation:
    """The worked example as it should be, but for some numbers such as x1_grad."""
    return Observation(
        tuple(
            numbers.get(f"{due.name}_{due.quantity}", due.expected) for due in LEAVES.expectations
        )
    )


def case_of(expected: float, *, quantity: Quantity = Quantity.GRAD, optional: bool = False) -> Case:
    """A case with one expectation: x, exact."""
    due = Expectation(
        name="x",
        node=0,
        quantity=quantity,
        expected=expected,
        tolerance=0.0,
        optional=optional,
    )
    return replace(LEAVES, expectations=(due,))


def test_the_right_numbers_pass_with_every_check_on_record() -> None:
    report = judge(LEAVES, observe())
    assert report.verdict is Verdict.PASSED
    assert (report.id, report.title, report.message) == (LEAVES.id, LEAVES.title, "")
    assert report.program == LEAVES.program
    assert [check.expected for check in report.checks] == list(RIGHT)
    assert all(check.passed and check.error == 0 for check in report.checks)


@pytest.mark.parametrize("name", [name for name in names() if name != "conventions"])
def test_exact_and_compared_numbers_give_the_same_report(name: str) -> None:
    for case in load(name, 7).cases:
        if case.kind is Kind.NUMBERS:
            report = judge(case, Observation(case.numbers))
            assert report.verdict is Verdict.PASSED
            assert report.checks == tuple(map(compare, case.expectations, case.numbers))


def test_a_wrong_gradient_is_named_with_the_expected_number() -> None:
    report = judge(LEAVES, observe(x1_grad=3.0, x6_grad=2.0))
    assert report.verdict is Verdict.WRONG_GRADIENT
    assert report.message == "x1.grad is 3, expected 8."
    assert [check.node for check in report.checks if not check.passed] == ["x1", "x6"]


def test_a_wrong_value_comes_before_a_wrong_gradient() -> None:
    report = judge(LEAVES, observe(x1_grad=3.0, x5_data=2.5))
    assert report.verdict is Verdict.WRONG_VALUE
    assert report.message == "x5.data is 2.5, expected 17."


def test_a_gradient_that_was_never_set_has_its_own_message() -> None:
    report = judge(LEAVES, observe(x1_grad=None))
    assert report.verdict is Verdict.WRONG_GRADIENT
    assert report.message == "x1.grad is None, expected 8: backward left no number there."
    wrong = next(check for check in report.checks if not check.passed)
    assert (wrong.actual, wrong.error) == (None, None)


def test_a_value_that_is_not_a_number_is_a_wrong_value() -> None:
    report = judge(LEAVES, observe(x3_data=None))
    assert report.verdict is Verdict.WRONG_VALUE
    assert report.message == "x3.data is not a number, expected 12."


def test_a_missing_gradient_passes_if_no_output_depends_on_the_node() -> None:
    assert judge(case_of(0.0, optional=True), Observation((None,))).verdict is Verdict.PASSED
    assert judge(case_of(0.0), Observation((None,))).verdict is Verdict.WRONG_GRADIENT
    report = judge(case_of(0.0, optional=True), Observation((1.0,)))
    assert report.message == "x.grad is 1, expected 0."


@pytest.mark.parametrize(
    ("expected", "actual", "passed"),
    [
        (NAN, NAN, True),
        (INF, INF, True),
        (-INF, -INF, True),
        (INF, -INF, False),
        (INF, NAN, False),
        (NAN, 1.0, False),
        (1.0, NAN, False),
        (1.0, INF, False),
        (0.0, -0.0, True),
    ],
)
def test_non_finite_numbers_must_be_the_same(expected: float, actual: float, passed: bool) -> None:
    report = judge(case_of(expected), Observation((actual,)))
    assert (report.verdict is Verdict.PASSED) is passed


def test_an_error_of_just_the_tolerance_passes_and_a_larger_one_does_not() -> None:
    due = next(due for due in LEAVES.expectations if due.name == "x1" and due.quantity == "grad")
    last = due.expected + due.tolerance
    assert judge(LEAVES, observe(x1_grad=last)).verdict is Verdict.PASSED
    beyond = math.nextafter(last, INF)
    assert judge(LEAVES, observe(x1_grad=beyond)).verdict is Verdict.WRONG_GRADIENT


@pytest.mark.parametrize("verdict", [Verdict.TIMEOUT, Verdict.UNSUPPORTED, Verdict.ERROR])
def test_a_failure_gives_its_verdict_and_message(verdict: Verdict) -> None:
    report = judge(LEAVES, Failure(verdict=verdict, message="It took more than 2 seconds."))
    assert (report.verdict, report.message) == (verdict, "It took more than 2 seconds.")
    assert report.checks == ()


class Liar(float):
    """A number that claims to be near every other."""

    def __sub__(self, other: float) -> float:
        return 0.0


@pytest.mark.parametrize(
    "numbers", [(), RIGHT[1:], (*RIGHT, 1.0), (Liar(0), *RIGHT[1:]), (True, *RIGHT[1:])]
)
def test_too_few_too_many_and_fake_numbers_are_invalid_output(numbers: tuple[float, ...]) -> None:
    report = judge(LEAVES, Observation(numbers))
    assert report.verdict is Verdict.INVALID_OUTPUT
    assert report.checks == ()


def test_two_runs_that_agree_within_the_tolerance_are_one() -> None:
    tolerance = LEAVES.expectations[1].tolerance
    once = judge(LEAVES, observe())
    again = judge(LEAVES, observe(x1_grad=8 + tolerance / 2))
    assert reconcile(once, again) is once


def test_runs_that_differ_within_the_tolerance_of_single_precision_agree() -> None:
    second = judge(LEAVES, observe(x1_grad=8 + 1e-6))
    accepted = Precision(kind=PrecisionKind.SINGLE, message="", accepted=True)
    loss = Loss(precision=accepted, formats=IN_SINGLE)
    settled = settle(LEAVES, second, loss)
    once = judge(LEAVES, observe())
    assert reconcile(once, settled) is once
    assert reconcile(settled, once) is settled
    assert reconcile(once, second).verdict is Verdict.NONDETERMINISTIC


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (
            observe(x1_grad=3.0),
            observe(x1_grad=4.0),
            "x1.grad is 3 in one order and 4 in the other, expected 8.",
        ),
        (
            observe(x1_grad=3.0),
            observe(x1_grad=None),
            "x1.grad is 3 in one order and None in the other, expected 8.",
        ),
        (
            observe(),
            observe(x1_grad=4.0),
            "In one order: Everything is right. In the other: x1.grad is 4, expected 8.",
        ),
        (
            observe(x1_grad=4.0),
            observe(),
            "In one order: x1.grad is 4, expected 8. In the other: Everything is right.",
        ),
    ],
)
def test_runs_that_differ_are_nondeterministic_with_a_reason(
    first: Observation, second: Observation, words: str
) -> None:
    report = reconcile(judge(LEAVES, first), judge(LEAVES, second))
    assert report.verdict is Verdict.NONDETERMINISTIC
    assert words in report.message
    assert [check.node for check in report.checks if not check.passed] == ["x1"]


def test_runs_that_fail_alike_keep_their_verdict() -> None:
    failure = Failure(verdict=Verdict.ERROR, message="KeyError: 1")
    once, again = judge(LEAVES, failure), judge(LEAVES, failure)
    assert reconcile(once, again) is once
    wrong = judge(LEAVES, observe(x1_grad=None))
    assert reconcile(wrong, judge(LEAVES, observe(x1_grad=None))) is wrong


def test_a_growth_case_reports_its_cost() -> None:
    cost = Cost(cpu_seconds=0.25, memory_bytes=2**20)
    seen = Observation(RIGHT, cost)
    assert judge(replace(LEAVES, kind=Kind.GROWTH), seen).cost == cost
    assert judge(LEAVES, seen).cost is None
