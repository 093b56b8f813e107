"""Compares a student's numbers with the expected ones. Gives a verdict and a message."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from worker.reference.gradient_check import Probe
from worker.report.model import CaseReport, Check, Cost, Quantity, Verdict
from worker.report.numbers import show
from worker.sandbox.host.outcome import PLAIN, Failure, Observation
from worker.suites.cases import Case, Expectation, Kind

ANSWER_MATCH = 1e-9  # relative; the answers to a convention are far apart
BLUR = 1e-3  # relative to a slope, or to 1 for a small slope; a less exact slope is unusable

VARIES = (
    "The result depends on the order in which Python iterates over a set, or on another kind of "
    "chance."
)


def judge(case: Case, outcome: Observation | Failure) -> CaseReport:
    """Returns the report of one case.

    Values are compared before gradients, because a wrong value explains a wrong gradient.
    """
    if isinstance(outcome, Failure):
        accepted = (one.sentence for one in case.answers if one.verdict is outcome.verdict)
        sentence = next(accepted, None)
        return case.report(Verdict.PASSED, sentence) if sentence else fail(case, outcome)
    numbers = outcome.numbers
    if len(numbers) != len(case.question.reads) or not PLAIN.issuperset(map(type, numbers)):
        reason = "What came back was not one plain number for each that was asked for."
        return case.report(Verdict.INVALID_OUTPUT, reason)
    if case.probe is not None:
        return _check_gradients(case, case.probe, numbers)
    if case.kind is Kind.NUMBERS and numbers == case.numbers:  # the usual result, and the fastest
        return case.fulfilled
    cost = outcome.cost if case.kind is Kind.GROWTH else None
    checks = tuple(map(compare, case.expectations, numbers))
    if case.kind is Kind.CONVENTION:
        sentence = find_answer(case, checks)
        read = ", ".join(f"{one.node}.{one.quantity} is {_show(one.actual)}" for one in checks)
        return case.report(Verdict.PASSED, sentence or f"An unusual answer: {read}.", checks)
    return conclude(case, checks, cost)


def conclude(
    case: Case, checks: tuple[Check, ...], cost: Cost | None, match: float = ANSWER_MATCH
) -> CaseReport:
    """Returns the report that follows from the comparisons of a case.

    `match` is how near numbers must be to an accepted answer, relative to it.
    """
    sentence = find_answer(case, checks, match)
    wrong = [check for check in checks if not check.passed]
    values = [check for check in wrong if check.quantity is Quantity.DATA]
    if values:
        return case.report(Verdict.WRONG_VALUE, describe(values[0]), checks, cost)
    if wrong and sentence is None:
        return case.report(Verdict.WRONG_GRADIENT, describe(wrong[0]), checks, cost)
    return case.report(Verdict.PASSED, sentence if wrong and sentence else "", checks, cost)


def fail(case: Case, failure: Failure) -> CaseReport:
    """Returns the report of a case that failed or wasn't run."""
    return case.report(failure.verdict, failure.message)


def compare(due: Expectation, actual: float | None) -> Check:
    """Compares one number. If the expected number isn't finite, only the same number passes."""
    if actual == due.expected:  # the usual result
        return Check(due.name, due.quantity, due.expected, actual, 0.0, due.tolerance, True)
    error = None if actual is None else distance(due.expected, actual)
    passed = due.optional if error is None else error <= due.tolerance
    return Check(due.name, due.quantity, due.expected, actual, error, due.tolerance, passed)


def describe(check: Check) -> str:
    """Says what is wrong in a failed check: `x.grad is 1, expected 2.`"""
    expected = f"expected {show(check.expected)}"
    name = f"{check.node}.{check.quantity}"
    if check.actual is not None:
        return f"{name} is {show(check.actual)}, {expected}."
    if check.quantity is Quantity.GRAD:
        return f"{name} is None, {expected}: backward left no number there."
    return f"{name} is not a number, {expected}."


def distance(expected: float, actual: float) -> float:
    """|actual - expected|; 0 between equal infinities and between nans."""
    if expected == actual or (math.isnan(expected) and math.isnan(actual)):
        return 0.0
    return abs(actual - expected)


def find_answer(case: Case, checks: Sequence[Check], match: float = ANSWER_MATCH) -> str | None:
    """Returns the sentence of the accepted answer that the numbers match, or None."""
    for answer in case.answers:
        pairs = [(due, checks[position].actual) for position, due in answer.due]
        if pairs and all(is_near(due, actual, match) for due, actual in pairs):
            return answer.sentence
    return None


def is_near(due: float | None, actual: float | None, match: float) -> bool:
    """Whether a number is the one that an accepted answer names. None matches only None."""
    if due is None or actual is None:
        return due is actual
    if not math.isfinite(due):  # the relative tolerance below would be infinite
        return distance(due, actual) == 0
    return distance(due, actual) <= match * max(1, abs(due))


def reconcile(once: CaseReport, again: CaseReport) -> CaseReport:
    """Merges the reports of two runs of a case, the second with reversed sets.

    Their numbers must agree within the tolerance.
    """
    if once.verdict is again.verdict:
        difference = _find_difference(once, again)
        if difference is None:
            return once
    else:
        first, second = (report.message or "Everything is right." for report in (once, again))
        difference = f"In one order: {first} In the other: {second}"
    failed = again if once.verdict is Verdict.PASSED else once
    message = f"{VARIES} {difference}"
    return dataclasses.replace(
        failed, verdict=Verdict.NONDETERMINISTIC, message=message, credit=0.0
    )


def _find_difference(once: CaseReport, again: CaseReport) -> str | None:
    """Describes the first number that differs between two runs; None if all agree."""
    for first, second in zip(once.checks, again.checks, strict=False):
        if first.actual is None or second.actual is None:
            agree = first.actual is second.actual
        else:
            most = 2 * max(first.tolerance, second.tolerance)
            agree = distance(first.actual, second.actual) <= most
        if not agree:
            name = f"{first.node}.{first.quantity}"
            numbers = f"{_show(first.actual)} in one order and {_show(second.actual)} in the other"
            return f"{name} is {numbers}, expected {show(first.expected)}."
    return None


def _check_gradients(case: Case, probe: Probe, numbers: Sequence[float | None]) -> CaseReport:
    """Compares the engine's gradients with differences of its own forward pass.

    The outputs are compared with the reference first. Otherwise an engine that computes 0 for
    everything would agree with itself.
    """
    estimates = probe.estimate(numbers[len(case.expectations) :])
    checks = []
    unusable = ""  # why the differences give no slope to compare with
    for due, actual in zip(case.expectations, numbers, strict=False):
        if due.quantity is Quantity.DATA:
            checks.append(compare(due, actual))
            continue
        slope = estimates[due.node]
        error = None if actual is None else abs(actual - slope.derivative)
        is_known = slope.error <= BLUR * max(1, abs(slope.derivative))
        passed = is_known and error is not None and error <= slope.error
        tolerance = slope.error if is_known else 0.0  # so the program shown fails as well
        members = (due.name, due.quantity, slope.derivative, actual, error, tolerance, passed)
        checks.append(Check(*members))
        if is_known or unusable:
            continue
        moved = f"where {due.name} is moved a little"
        unusable = f"The forward pass jumps or bends {moved}: it has no slope there."
        if math.isnan(slope.derivative):
            unusable = f"The forward pass gives no finite number {moved}."
    failed = [check for check in checks if not check.passed]
    if value := next((check for check in failed if check.quantity is Quantity.DATA), None):
        return case.report(Verdict.WRONG_VALUE, describe(value), tuple(checks))
    if unusable:
        return case.report(Verdict.WRONG_VALUE, unusable, tuple(checks))
    if not failed:
        return case.report(Verdict.PASSED, checks=tuple(checks))
    wrong = failed[0]
    slope_text = f"the slope of the code's own forward pass is {wrong.expected:.9g}"
    message = f"{wrong.node}.{wrong.quantity} is {_show(wrong.actual)}, but {slope_text}."
    return case.report(Verdict.WRONG_GRADIENT, message, tuple(checks))


def _show(number: float | None) -> str:
    return "None" if number is None else show(number)
