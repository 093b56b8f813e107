"""Recognises engines that lose precision: they compute in float32 or float16, or round numbers.

Such an engine fails nearly every test for one reason, so the report says it once. Single precision
is no mistake: its tests are judged again, with tolerances that are derived for it.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.grading.judge import compare, conclude
from worker.graph import Apply
from worker.reference.floats import HALF, SINGLE, Format, rounded_to
from worker.report.model import CaseReport, Precision, PrecisionKind, Quantity, Verdict
from worker.suites.cases import Case, Expectation, Kind
from worker.suites.rules import PRECISION, spell_rule
from worker.suites.shown_programs import write_question
from worker.suites.validation import consult, find_hazard

FEWEST = 5  # different numbers that show a form
SHARE_OF_FORMAT = 0.5  # of a group's numbers, at least; no double engine gets one by chance
SHARE_OF_DECIMALS = 0.9  # more, since results may have few decimals by chance
NEAR = 0.5  # of these numbers, at least this part is near the expected ones
REACH = 32  # in roundoffs: how far errors add up in most tests
MOST_DECIMALS = 12
MOST_DECIMALS_OF_SINGLE = 4  # with more, most numbers of single precision look rounded
LOSS = 0.05  # relative to a number, or to 1 for a small number; a wider tolerance shows nothing
ANSWER_MATCH = 1e-4  # relative; how close single precision comes to an accepted answer
WRONG = frozenset({Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT})

HALF_PRECISION = (
    "Your engine computes in half precision (float16), which keeps about 3 digits. That is too few "
    "for these tests. Use plain Python floats or np.float64."
)
SINGLE_PRECISION = (
    "Your engine computes in single precision (float32), which keeps about 7 digits. The tests "
    "allow for that, so it costs no points. Plain Python floats and np.float64 keep about 16."
)
DOUBLE_REQUIRED = (
    "Your engine computes in single precision (float32), which keeps about 7 digits. This "
    "assignment requires double precision. Use plain Python floats or np.float64."
)
ROUNDED = (
    "Your engine rounds its {} to {}. All later numbers inherit the error, so many tests fail. "
    "Remove the rounding, and round only what you print."
)
FAILS_BECAUSE = "Fails because of {}: {}"
GROUPS = DATA_OF_LEAVES, DATA_OF_RESULTS, GRADIENTS = "values of leaves", "values", "gradients"

Judged = Sequence[tuple[Case, CaseReport]]


@dataclass(frozen=True, slots=True)
class Pair:
    """An expected number, its tolerance, and the number of the engine."""

    expected: float
    tolerance: float
    actual: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Numbers of one form, such as those of float32.

    `has` says whether a number has this form, and `nearest` returns the nearest one that has.
    `find_reach` returns how far an engine with such numbers is from an expected one in most tests.
    `share` is the part of an engine's numbers that must have the form.
    """

    has: Callable[[float], bool]
    nearest: Callable[[float], float]
    find_reach: Callable[[float], float]
    share: float

    def is_shown_by(self, wrong: Sequence[Pair], right: Sequence[Pair]) -> bool:
        """Whether an engine computes in this form, by its wrong and right numbers of one group.

        Where the expected number has the form, the engine's number shows nothing.
        """
        telling = [pair for pair in wrong if not self.has(pair.expected)]
        formed = [pair for pair in telling if self.has(pair.actual)]
        if len(formed) < max(FEWEST, self.share * len(telling)):
            return False
        near = [one.expected for one in formed if self._is_near(one)]
        if len(set(near)) < FEWEST or len(near) < NEAR * len(formed):
            return False
        # A right number is evidence against the form if the nearest of this form would be wrong.
        against = sum(
            abs(self.nearest(pair.expected) - pair.expected) > pair.tolerance for pair in right
        )
        return len(formed) >= self.share * (len(telling) + against)

    def _is_near(self, pair: Pair) -> bool:
        return abs(pair.actual - pair.expected) <= self.find_reach(pair.expected)


def recognise(judged: Judged, *, require_double: bool = False) -> Precision | None:
    """Returns how an engine loses precision; None if nothing shows that it does.

    It does if nearly all its numbers of one group (values of leaves, values of results, gradients)
    have a form that the expected ones haven't. Numbers that are merely inexact have no form.
    """
    if not any(report.verdict in WRONG for _, report in judged):
        return None
    wrong, right = gather(judged, passed=False), gather(judged, passed=True)

    def find_groups(form: Form) -> list[str]:
        return [group for group in GROUPS if form.is_shown_by(wrong[group], right[group])]

    # From the fewest digits to the most: a form with fewer digits has those of one with more.
    if find_groups(keep(HALF)):
        return Precision(kind=PrecisionKind.HALF, message=HALF_PRECISION)
    for digits in range(MOST_DECIMALS + 1):
        if groups := find_groups(round_to(digits)):
            return describe_rounding(groups, digits) if digits else None  # integers: a mistake
    if find_groups(keep(SINGLE)):
        message = DOUBLE_REQUIRED if require_double else SINGLE_PRECISION
        return Precision(kind=PrecisionKind.SINGLE, message=message, accepted=not require_double)
    return None


def keep(precision: Format) -> Form:
    """Returns the form of numbers of a floating-point format.

    Whole numbers show no format: an engine that cuts off all decimals has them too.
    """
    reach = REACH * precision.roundoff
    return Form(
        has=lambda number: precision.nearest(number) == number and not number.is_integer(),
        nearest=precision.nearest,
        find_reach=lambda expected: reach * abs(expected),
        share=SHARE_OF_FORMAT,
    )


def round_to(digits: int) -> Form:
    """Returns the form of numbers with so many decimals, kept in double or single precision."""

    def has(number: float) -> bool:
        rounded = round(number, digits)
        if rounded == number:
            return True
        return digits <= MOST_DECIMALS_OF_SINGLE and SINGLE.nearest(rounded) == number

    return Form(
        has=has,
        nearest=lambda number: round(number, digits),
        find_reach=lambda _: 10.0**-digits,
        share=SHARE_OF_DECIMALS,
    )


def gather(judged: Judged, *, passed: bool) -> Mapping[str, list[Pair]]:
    """Returns the numbers that are right, or those that are wrong, by group. Leaves out zeros."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for case, report in judged:
        if case.kind is not Kind.NUMBERS:
            continue
        nodes = case.graph.nodes
        for due, check in zip(case.expectations, report.checks, strict=False):
            actual = check.actual
            if check.passed is not passed or not actual or not math.isfinite(actual):
                continue
            group = GRADIENTS
            if due.quantity is Quantity.DATA:
                is_result = isinstance(nodes[due.node], Apply)
                group = DATA_OF_RESULTS if is_result else DATA_OF_LEAVES
            groups[group].append(Pair(due.expected, due.tolerance, actual))
    return groups


def describe_rounding(groups: Sequence[str], digits: int) -> Precision:
    """Returns the rounding of numbers in these groups."""
    what = " and ".join(dict.fromkeys(group.split()[0] for group in groups))
    decimals = "1 decimal" if digits == 1 else f"{digits} decimals"
    message = ROUNDED.format(what, decimals)
    return Precision(kind=PrecisionKind.ROUNDED, message=message, digits=digits)


def settle(case: Case, report: CaseReport, precision: Precision | None) -> CaseReport:
    """Judges a failing case again by the engine's precision.

    If the precision is accepted, the case may pass. Otherwise the precision may be the cause.
    """
    if precision is None or report.verdict not in WRONG:
        return report
    if report.checks and all(check.passed for check in report.checks):  # wrong in another way
        return report
    settled = relax(case, report, find_format(precision))
    if precision.accepted:
        return dataclasses.replace(settled, by_precision=settled.passed)
    if not settled.passed:
        return report
    message = FAILS_BECAUSE.format(spell_rule(PRECISION), report.message)
    return dataclasses.replace(report, blocked_by=(PRECISION,), message=message)


def find_format(precision: Precision) -> Format:
    """Returns the format in which an engine keeps its numbers."""
    if precision.digits is not None:
        return rounded_to(precision.digits)
    return SINGLE if precision.kind is PrecisionKind.SINGLE else HALF


def relax(case: Case, report: CaseReport, precision: Format) -> CaseReport:
    """Returns the report of a failing case by the tolerances of a precision.

    The gradient check compares with the reference too: differences would leave too few digits. What
    the precision can't decide passes.
    """
    wider = widen(case, precision)
    if wider is None:
        checks = tuple(one._replace(tolerance=math.inf, passed=True) for one in report.checks)
        program = write_question(case.graph, checks)  # no number is wrong, so none is asserted
        passed = case.report(Verdict.PASSED, "", checks, report.cost)
        return dataclasses.replace(passed, program=program)
    numbers = [check.actual for check in report.checks]
    checks = tuple(map(compare, wider, numbers))
    return conclude(case, checks, report.cost, match=ANSWER_MATCH)


def widen(case: Case, precision: Format = SINGLE) -> tuple[Expectation, ...] | None:
    """Returns what to expect of an engine of this precision; None if it can't decide the case."""
    oracle = consult(case.graph, precision)
    if find_hazard(oracle):
        return None
    wider = tuple(oracle.expect(due.name, due.node, due.quantity) for due in case.expectations)
    is_lost = any(due.tolerance > LOSS * max(1, abs(due.expected)) for due in wider)
    return None if precision is SINGLE and is_lost else wider
