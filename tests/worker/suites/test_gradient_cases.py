"""Cases in which an engine is held against its own forward pass."""

from __future__ import annotations

import math

import pytest

from worker.grading.judge import judge
from worker.graph import Backward
from worker.reference.engine import evaluate
from worker.report.model import Quantity, Verdict
from worker.sandbox.host.outcome import Observation
from worker.suites.cases import Case, SuiteError
from worker.suites.format.reader import read_suite

TEXT = """\
# suite: check
# title: Gradient check
# version: 1
# about: A.
# weight: 1

# case: product
# title: A product
# kind: gradient-check
x = Value(3)
y = Value(-0.5)
L = x * y * y
L.backward()
"""
CASE = read_suite(TEXT, "check.suite").cases[0]
OWN = len(CASE.expectations)


def answer(case: Case = CASE) -> list[float | None]:
    """What the reference engine would have read of it."""
    graph = case.question.graph
    evaluation = evaluate(graph)
    return [
        (evaluation.data if quantity is Quantity.DATA else evaluation.grad)[node]
        for node, quantity in case.question.reads
    ]


def test_a_right_engine_passes_with_the_slopes_on_record() -> None:
    report = judge(CASE, Observation(tuple(answer())))
    assert (report.verdict, report.message) == (Verdict.PASSED, "")
    assert [check.node for check in report.checks] == ["x", "y", "L"]
    assert report.checks[1].expected == pytest.approx(-3)
    assert report.program.startswith(CASE.graph.program)


def test_the_probe_runs_after_the_graph_and_its_backward() -> None:
    steps = CASE.question.graph.steps
    assert steps[: len(CASE.graph.steps)] == CASE.graph.steps
    assert not any(isinstance(step, Backward) for step in steps[len(CASE.graph.steps) :])


@pytest.mark.parametrize("factor", [-2, 0])
def test_a_wrong_value_with_a_fitting_gradient_is_a_wrong_value(factor: float) -> None:
    """An engine that computes 0 for everything agrees with itself."""
    numbers = [number and factor * number for number in answer()]
    report = judge(CASE, Observation(tuple(numbers)))
    assert report.verdict is Verdict.WRONG_VALUE
    assert report.message.startswith("L.data is ")
    assert [check.passed for check in report.checks] == [True, True, False]


@pytest.mark.parametrize("wrong", [0.25 + 1e-6, 0.0, None])
def test_a_gradient_that_is_not_the_slope_of_the_forward_pass_is_wrong(
    wrong: float | None,
) -> None:
    numbers = answer()
    numbers[0] = wrong
    report = judge(CASE, Observation(tuple(numbers)))
    assert report.verdict is Verdict.WRONG_GRADIENT
    assert report.message.endswith("but the slope of the code's own forward pass is 0.25.")


@pytest.mark.parametrize("number", [None, math.nan, math.inf])
def test_a_forward_pass_that_gives_no_number_is_a_wrong_value(number: float | None) -> None:
    numbers = answer()
    numbers[OWN] = number
    report = judge(CASE, Observation(tuple(numbers)))
    assert report.verdict is Verdict.WRONG_VALUE
    assert "no finite number where x is moved" in report.message


def test_a_forward_pass_too_rough_to_have_a_slope_is_a_wrong_value() -> None:
    """Else noise would be room in which every gradient passes."""
    numbers = [
        number and number + (0.3 * (place % 3) if place >= OWN else 0)
        for place, number in enumerate(answer())
    ]
    numbers[0] = 7.0
    report = judge(CASE, Observation(tuple(numbers)))
    assert report.verdict is Verdict.WRONG_VALUE
    assert report.message.startswith("The forward pass jumps or bends where x is moved a little")
    assert [check.passed for check in report.checks] == [False, False, True]
    slopes = [check for check in report.checks if check.quantity is Quantity.GRAD]
    assert [check.tolerance for check in slopes] == [0.0] * len(slopes)  # the program fails too


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("x = V", "# check: L\nx = V", "a gradient check is of the leaves, without '# check:'"),
        (
            "x = Value(3)\n",
            "# equal: yes\nx = Value(3)\nw = Value(x.data - 0.1 * x.grad)\n",
            "has no step of gradient descent",
        ),
    ],
)
def test_a_gradient_check_with_a_check_heading_or_updates_is_rejected(
    old: str, new: str, reason: str
) -> None:
    with pytest.raises(SuiteError, match=reason):
        read_suite(TEXT.replace(old, new), "check.suite")


def test_a_gradient_check_needs_all_numbers() -> None:
    assert judge(CASE, Observation(tuple(answer()[:OWN]))).verdict is Verdict.INVALID_OUTPUT


def test_a_case_without_any_known_slope_is_rejected() -> None:
    kink = TEXT.split("x = Value(3)")[0] + "x = Value(1e-12)\nL = x.relu()\nL.backward()\n"
    with pytest.raises(SuiteError, match="differences give no gradient here"):
        read_suite(kink, "check.suite", verify=False)
