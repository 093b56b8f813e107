"""Observations against expectations: a verdict, and a sentence that says why."""

from __future__ import annotations

import math

from worker.report import CaseReport, Check, Quantity, Verdict, show
from worker.sandbox.outcome import Failure, Observation
from worker.suites import Case, Expectation


def judge(case: Case, outcome: Observation | Failure) -> CaseReport:
    """What the student's code did on a case. Values come first: a wrong one explains gradients."""
    if isinstance(outcome, Failure):
        return _report(case, outcome.verdict, outcome.message)
    numbers = outcome.numbers
    if len(numbers) != len(case.expectations) or not all(map(_is_exact, numbers)):
        reason = "What came back was not one plain number for each that was asked for."
        return _report(case, Verdict.INVALID_OUTPUT, reason)
    checks = tuple(map(compare, case.expectations, numbers))
    for verdict, quantity in (
        (Verdict.WRONG_VALUE, Quantity.DATA),
        (Verdict.WRONG_GRADIENT, Quantity.GRAD),
    ):
        wrong = [check for check in checks if check.quantity is quantity and not check.passed]
        if wrong:
            return _report(case, verdict, _explain(wrong[0]), checks)
    return _report(case, Verdict.PASSED, "", checks)


def compare(due: Expectation, actual: float | None) -> Check:
    """One comparison. Where no finite number is due, it must be the very same."""
    error = None if actual is None else _distance(due.expected, actual)
    return Check(
        node=due.name,
        quantity=due.quantity,
        expected=due.expected,
        actual=actual,
        error=error,
        tolerance=due.tolerance,
        passed=due.optional if error is None else error <= due.tolerance,
    )


def _distance(expected: float, actual: float) -> float:
    """|actual - expected|; 0 between equal infinities and between nans."""
    if expected == actual or (math.isnan(expected) and math.isnan(actual)):
        return 0.0
    return abs(actual - expected)


def _is_exact(number: float | None) -> bool:
    """Whether this is no number, or a float itself rather than something that poses as one."""
    return number is None or type(number) is float


def _explain(check: Check) -> str:
    due = f"expected {show(check.expected)}"
    name = f"{check.node}.{check.quantity}"
    if check.actual is not None:
        return f"{name} is {show(check.actual)}, {due}."
    if check.quantity is Quantity.GRAD:
        return f"{name} is None, {due}: backward never reached {check.node}."
    return f"{name} is not a number, {due}."


def _report(
    case: Case, verdict: Verdict, message: str, checks: tuple[Check, ...] = ()
) -> CaseReport:
    return CaseReport(
        id=case.id,
        title=case.title,
        verdict=verdict,
        message=message,
        program=case.graph.program,
        checks=checks,
    )
