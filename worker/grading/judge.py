"""Observations against expectations: a verdict, and a sentence that says why."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from worker.reference.differences import Estimate
from worker.reference.gradient_check import Probe
from worker.report.model import CaseReport, Check, Quantity, Verdict, show
from worker.sandbox.host.outcome import PLAIN, Failure, Observation
from worker.suites.cases import Answer, Case, Expectation, Kind

CONVENTION_MATCH = 1e-9  # relative: answers of convention are far apart
BLUR = 1e-3  # of a slope (of 1, for small ones): what is known no better is none to judge by


def judge(case: Case, outcome: Observation | Failure) -> CaseReport:
    """What the student's code did on a case. Values come first: a wrong one explains gradients."""
    if isinstance(outcome, Failure):
        told = _find_refusal(case, outcome)
        return case.report(Verdict.PASSED, told) if told else fail(case, outcome)
    numbers = outcome.numbers
    if len(numbers) != len(case.question.reads) or not PLAIN.issuperset(map(type, numbers)):
        reason = "What came back was not one plain number for each that was asked for."
        return case.report(Verdict.INVALID_OUTPUT, reason)
    if case.probe is not None:
        return _check_gradients(case, case.probe, numbers)
    if case.kind is Kind.NUMBERS and numbers == case.numbers:  # as most do: nothing to work out
        return case.fulfilled
    cost = outcome.cost if case.kind is Kind.GROWTH else None
    checks = tuple(map(compare, case.expectations, numbers))
    told = _find_answer(case, checks)
    if case.kind is Kind.CONVENTION:
        return case.report(Verdict.PASSED, told or _tell_own_way(checks), checks)
    wrong = [check for check in checks if not check.passed]
    values = [check for check in wrong if check.quantity is Quantity.DATA]
    if values:
        return case.report(Verdict.WRONG_VALUE, _explain(values[0]), checks, cost)
    if wrong and told is None:
        return case.report(Verdict.WRONG_GRADIENT, _explain(wrong[0]), checks, cost)
    return case.report(Verdict.PASSED, told if wrong and told else "", checks, cost)


def compare(due: Expectation, actual: float | None) -> Check:
    """One comparison. Where no finite number is due, it must be the very same."""
    if actual == due.expected:  # most are the very same
        return Check(due.name, due.quantity, due.expected, actual, 0.0, due.tolerance, True)
    error = None if actual is None else _distance(due.expected, actual)
    passed = due.optional if error is None else error <= due.tolerance
    return Check(due.name, due.quantity, due.expected, actual, error, due.tolerance, passed)


def _check_gradients(case: Case, probe: Probe, numbers: Sequence[float | None]) -> CaseReport:
    """The engine's gradients against differences of its own forward pass."""
    own = len(case.expectations)
    estimates = probe.estimate(numbers[own:])
    checks = []
    no_slope = None
    for due, actual in zip(case.expectations, numbers, strict=False):
        slope = estimates[due.node]
        error = None if actual is None else abs(actual - slope.derivative)
        is_known = slope.error <= BLUR * max(1, abs(slope.derivative))
        passed = is_known and error is not None and error <= slope.error
        told = (due.name, due.quantity, slope.derivative, actual, error, slope.error, passed)
        checks.append(Check(*told))
        no_slope = no_slope if is_known or no_slope else _tell_no_slope(due.name, slope)
    if no_slope:
        return case.report(Verdict.WRONG_VALUE, no_slope, tuple(checks))
    wrong = next((check for check in checks if not check.passed), None)
    if wrong is None:
        return case.report(Verdict.PASSED, checks=tuple(checks))
    slope_told = f"the slope of the code's own forward pass is {wrong.expected:.9g}"
    message = f"{wrong.node}.{wrong.quantity} is {_spell(wrong.actual)}, but {slope_told}."
    return case.report(Verdict.WRONG_GRADIENT, message, tuple(checks))


def _tell_no_slope(name: str, slope: Estimate) -> str:
    """Why differences of the code's own forward pass tell nothing to judge a gradient by."""
    if math.isnan(slope.derivative):
        return f"The forward pass gives no finite number where {name} is moved a little."
    return f"The forward pass jumps or bends where {name} is moved a little: it has no slope there."


def reconcile(once: CaseReport, again: CaseReport) -> CaseReport:
    """One report of two runs of a case: their numbers must agree within the tolerance."""
    if once.verdict is again.verdict:
        difference = _find_difference(once, again)
        if difference is None:
            return once
    else:
        difference = f"Once: {_sum_up(once)} Then: {_sum_up(again)}"
    message = f"Two runs of the same graph differ. {difference} Does the order of a set decide?"
    failed = again if once.verdict is Verdict.PASSED else once
    return dataclasses.replace(failed, verdict=Verdict.NONDETERMINISTIC, message=message)


def _find_difference(once: CaseReport, again: CaseReport) -> str | None:
    """The first number that is not the same in both runs."""
    for first, second in zip(once.checks, again.checks, strict=False):
        if _differ(first, second):
            name = f"{first.node}.{first.quantity}"
            return f"{name} is once {_spell(first.actual)}, then {_spell(second.actual)}."
    return None


def _differ(first: Check, second: Check) -> bool:
    if first.actual is None or second.actual is None:
        return first.actual is not second.actual
    return not _distance(first.actual, second.actual) <= 2 * first.tolerance


def _sum_up(report: CaseReport) -> str:
    return report.message or "all is right."


def _distance(expected: float, actual: float) -> float:
    """|actual - expected|; 0 between equal infinities and between nans."""
    if expected == actual or (math.isnan(expected) and math.isnan(actual)):
        return 0.0
    return abs(actual - expected)


def _explain(check: Check) -> str:
    due = f"expected {show(check.expected)}"
    name = f"{check.node}.{check.quantity}"
    if check.actual is not None:
        return f"{name} is {show(check.actual)}, {due}."
    if check.quantity is Quantity.GRAD:
        return f"{name} is None, {due}: backward left no number there."
    return f"{name} is not a number, {due}."


def _spell(number: float | None) -> str:
    return "None" if number is None else show(number)


def _find_answer(case: Case, checks: tuple[Check, ...]) -> str | None:
    """The sentence of the honest answer that the engine gives, where the case has several."""
    return next(
        (answer.sentence for answer in case.answers if answer.due and _matches(answer, checks)),
        None,
    )


def _tell_own_way(checks: tuple[Check, ...]) -> str:
    numbers = ", ".join(f"{c.node}.{c.quantity} is {_spell(c.actual)}" for c in checks)
    return f"An unusual answer: {numbers}."


def _matches(answer: Answer, checks: tuple[Check, ...]) -> bool:
    return all(_is_near(due, checks[place].actual) for place, due in answer.due)


def _is_near(due: float | None, actual: float | None) -> bool:
    if due is None or actual is None:
        return due is actual
    if not math.isfinite(due):  # an infinity is far from all else
        return _distance(due, actual) == 0
    return _distance(due, actual) <= CONVENTION_MATCH * max(1, abs(due))


def _find_refusal(case: Case, failure: Failure) -> str | None:
    """The sentence that tells an engine's failure as its answer to a question of convention."""
    told = (answer.sentence for answer in case.answers if answer.verdict is failure.verdict)
    return next(told, None)


def fail(case: Case, failure: Failure) -> CaseReport:
    """A case that failed, or was not run: that is no answer to a question of convention."""
    return case.report(failure.verdict, failure.message)
