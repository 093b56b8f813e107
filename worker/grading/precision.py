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

from worker.grading.causes import Judged, blame
from worker.grading.judge import compare, conclude
from worker.graph import Apply, Update
from worker.reference.floats import (
    DOUBLE,
    HALF,
    IN_SINGLE,
    SINGLE,
    Format,
    Formats,
    rounded_to,
    rounded_to_digits,
    throughout,
)
from worker.report.model import CaseReport, Precision, PrecisionKind, Quantity, Verdict
from worker.suites.cases import Case, Expectation, Kind
from worker.suites.rules import PRECISION
from worker.suites.shown_programs import write_question
from worker.suites.validation import consult, find_hazard

FEWEST = 5  # different numbers that show a form
SHARE_OF_FORMAT = 0.5  # of a group's numbers, at least; no double engine gets one by chance
SHARE_OF_DECIMALS = 0.9  # more, since results may have few decimals by chance
NEAR = 0.5  # of these numbers, at least this part is near the expected ones
REACH = 32  # in roundoffs: how far errors add up in most tests
MOST_DECIMALS = 14
FEWEST_DIGITS = 2  # significant ones; one digit is near to too much
MOST_DECIMALS_OF_SINGLE = 4  # with more, most numbers of single precision look rounded
BLUR = 0.05  # relative to a number, or to 1 for a small number; a wider tolerance shows nothing
LEAST_NEAR, MOST_NEAR = 1e-4, 5e-3  # relative, or absolute for numbers below 1
LARGE = 1e6  # next to such a number, differences lose digits
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
APPROXIMATE = (
    "Your engine keeps numbers in single precision (float32), about 7 digits. Its gradients "
    "change if a large number is added to the output, as finite differences do. So the tests "
    "require double precision. Use the chain rule, and plain Python floats or np.float64."
)
ROUNDED = (
    "Your engine rounds its {} to {}. All later numbers inherit the error, so many tests fail. "
    "Remove the rounding, and round only what you print."
)
GROUPS = DATA_OF_LEAVES, DATA_OF_RESULTS, GRADIENTS = "values of leaves", "values", "gradients"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How an engine loses precision: what the report says, and the formats of its numbers."""

    precision: Precision
    formats: Formats


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

    def is_shown_by(
        self, wrong: Sequence[Pair], right: Sequence[Pair], fewest: int = FEWEST
    ) -> bool:
        """Whether an engine computes in this form, by its wrong and right numbers of one group.

        `fewest` is how many different numbers must show it.
        Where the expected number has the form, the engine's number shows nothing.
        """
        telling = [pair for pair in wrong if not self.has(pair.expected)]
        formed = [pair for pair in telling if self.has(pair.actual)]
        if len(formed) < max(fewest, self.share * len(telling)):
            return False
        near = [one.expected for one in formed if self._is_near(one)]
        if len(set(near)) < fewest or len(near) < NEAR * len(formed):
            return False
        # A right number is evidence against the form if the nearest of this form would be wrong.
        against = sum(
            abs(self.nearest(pair.expected) - pair.expected) > pair.tolerance for pair in right
        )
        return len(formed) >= self.share * (len(telling) + against)

    def _is_near(self, pair: Pair) -> bool:
        return abs(pair.actual - pair.expected) <= self.find_reach(pair.expected)


def recognise(judged: Judged, *, require_double: bool = False) -> Loss | None:
    """Returns how an engine loses precision; None if nothing shows that it does.

    It does if nearly all its numbers of one group (values of leaves, values of results, gradients)
    have a form that the expected ones haven't. Numbers that are merely inexact have no form.
    """
    if not any(report.verdict in WRONG for _, report in judged):
        return None
    wrong, right = gather(judged, passed=False), gather(judged, passed=True)

    def find_groups(form: Form, fewest: int = FEWEST) -> list[str]:
        return [group for group in GROUPS if form.is_shown_by(wrong[group], right[group], fewest)]

    # From the fewest digits to the most: a form with fewer digits has those of one with more.
    if find_groups(keep(HALF)):
        precision = Precision(kind=PrecisionKind.HALF, message=HALF_PRECISION)
        return Loss(precision=precision, formats=throughout(HALF))
    for digits in range(MOST_DECIMALS + 1):
        if digits >= FEWEST_DIGITS and (groups := find_groups(round_to_digits(digits))):
            precision = describe_rounding(groups, f"{digits} significant digits", digits)
            return Loss(precision=precision, formats=throughout(rounded_to_digits(digits)))
        if groups := find_groups(round_to(digits)):
            if not digits:
                return None  # integers: a mistake
            decimals = "1 decimal" if digits == 1 else f"{digits} decimals"
            precision = describe_rounding(groups, decimals, digits)
            return Loss(precision=precision, formats=throughout(rounded_to(digits)))
    if not find_groups(keep(SINGLE)):
        return None
    formats = find_formats(find_groups(keep(SINGLE), fewest=1))
    message, accepted = SINGLE_PRECISION, not require_double
    if require_double:
        message = DOUBLE_REQUIRED
    elif approximates(judged, formats):
        message, accepted = APPROXIMATE, False
    precision = Precision(kind=PrecisionKind.SINGLE, message=message, accepted=accepted)
    return Loss(precision=precision, formats=formats)


def find_formats(groups: Sequence[str]) -> Formats:
    """Returns the formats of an engine whose numbers of these groups are in single precision.

    What is computed from results in single precision is in single precision too. Leaves and
    gradients alone pass on only their own errors.
    """
    if DATA_OF_RESULTS in groups:
        return throughout(SINGLE)
    return Formats(
        leaves=SINGLE if DATA_OF_LEAVES in groups else DOUBLE,
        gradients=SINGLE if GRADIENTS in groups else DOUBLE,
    )


def approximates(judged: Judged, formats: Formats) -> bool:
    """Whether gradients come from finite differences, by two points of a graph.

    The expected gradients are the same at both, but an added number is large at one. An engine with
    another mistake makes it at both points.
    """
    right, wrong = set(), set()
    for case, report in judged:
        is_large = any(
            abs(due.expected) >= LARGE for due in case.expectations if due.quantity is Quantity.DATA
        )
        grads = tuple(due.expected for due in case.expectations if due.quantity is Quantity.GRAD)
        graph = (case.graph_id, case.graph_title, grads)
        settled = relax(case, report, formats) if report.verdict in WRONG else report
        if is_large and settled.verdict is Verdict.WRONG_GRADIENT:
            wrong.add(graph)
        elif not is_large and settled.passed:
            right.add(graph)
    return not right.isdisjoint(wrong)


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


def round_to_digits(digits: int) -> Form:
    """Returns the form of numbers with so many significant digits, kept in double precision."""
    rounded = rounded_to_digits(digits)
    return Form(
        has=lambda number: rounded.nearest(number) == number,
        nearest=rounded.nearest,
        find_reach=lambda expected: rounded.roundoff * abs(expected),
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


def describe_rounding(groups: Sequence[str], kept: str, digits: int) -> Precision:
    """Returns the rounding of numbers in these groups. `kept` says what is left of them."""
    what = " and ".join(dict.fromkeys(group.split()[0] for group in groups))
    message = ROUNDED.format(what, kept)
    return Precision(kind=PrecisionKind.ROUNDED, message=message, digits=digits)


def settle(case: Case, report: CaseReport, loss: Loss | None) -> CaseReport:
    """Judges a failing case again by the engine's precision.

    If the precision is accepted, the case may pass. Otherwise the precision may be the cause.
    """
    if loss is None or report.verdict not in WRONG:
        return report
    if report.checks and all(check.passed for check in report.checks):  # wrong in another way
        return report
    settled = relax(case, report, loss.formats)
    if loss.precision.accepted:
        return dataclasses.replace(settled, by_precision=settled.passed)
    if not settled.passed:
        return report
    return blame(report, (PRECISION,))


def is_lost(report: CaseReport) -> bool:
    """Whether the engine's precision decides a case, so that its numbers show no mistake."""
    return PRECISION in report.blocked_by or any(
        math.isinf(check.tolerance) for check in report.checks
    )


def find_near(precision: Format) -> float | None:
    """Returns how near the numbers of small graphs are to those of the same engine in double.

    It is relative, or absolute for numbers below 1. There is none if so few digits are left that
    two mistakes might give the same.
    """
    near = max(LEAST_NEAR, REACH * precision.roundoff)
    return near if near <= MOST_NEAR else None


def relax(case: Case, report: CaseReport, formats: Formats) -> CaseReport:
    """Returns the report of a failing case by the tolerances of these formats.

    The gradient check compares with the reference too: differences would leave too few digits. What
    the precision can't decide passes.
    """
    wider = widen(case, formats)
    if wider is None:
        checks = tuple(one._replace(tolerance=math.inf, passed=True) for one in report.checks)
        program = write_question(case.graph, checks)  # no number is wrong, so none is asserted
        passed = case.report(Verdict.PASSED, "", checks, report.cost)
        return dataclasses.replace(passed, program=program)
    numbers = [check.actual for check in report.checks]
    checks = tuple(map(compare, wider, numbers))
    return conclude(case, checks, report.cost, match=ANSWER_MATCH)


def widen(case: Case, formats: Formats = IN_SINGLE) -> tuple[Expectation, ...] | None:
    """Returns what to expect of an engine of these formats; None if it can't decide the case."""
    if any(isinstance(step, Update) for step in case.graph.steps):
        formats = throughout(formats.coarsest)  # leaves, and all results, come from gradients
    oracle = consult(case.graph, formats)
    if find_hazard(oracle):
        return None
    wider = tuple(oracle.expect(due.name, due.node, due.quantity) for due in case.expectations)
    is_lost = any(due.tolerance > BLUR * max(1, abs(due.expected)) for due in wider)
    return None if formats.coarsest is SINGLE and is_lost else wider
