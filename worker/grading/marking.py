"""Turns verdicts into points, and says what each lost point was lost for.

A suite's points are divided equally among its rules, and a rule's points equally among its tests. A
test that passes earns its points. Nothing else matters, so a second mistake never raises a score.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from worker.grading.causes import RANK, Judged, explain, find_faults
from worker.report.model import CaseReport, LedgerLine, SuiteReport
from worker.suites.cases import Case, Kind, Suite
from worker.suites.rules import spell_rule

VERSION = 2  # of this scheme; the first had shares for tests that need a broken rule
NOT_LOADED = "the file couldn't be tested"
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A suite, and the points that all its cases together are worth."""

    suite: Suite
    weight: float


def score(
    selections: Sequence[Selection], judged: Sequence[Judged], *, loaded: bool = True
) -> tuple[tuple[SuiteReport, ...], tuple[LedgerLine, ...]]:
    """Returns the suites' reports with their points, and the ledger of the points that are missing.

    `judged` has every case of every suite. Pass `loaded=False` if the file couldn't be loaded: then
    every case failed for that reason, and no rule is at fault. Points lost are whole hundredths.
    """
    faults = find_faults([pair for pairs in judged for pair in pairs] if loaded else ())
    suites, ledger = [], []
    for selection, pairs in zip(selections, judged, strict=True):
        suite = selection.suite
        reports = [
            explain(case, report, faults)
            if can_be_marked(case)
            else dataclasses.replace(report, counts=False)
            for case, report in pairs
        ]
        lines = charge(selection, reports, loaded)
        ledger += lines
        lost = sum(round(line.points * 100) for line in lines)
        suites.append(
            SuiteReport(
                name=suite.name,
                title=suite.title,
                score=round(selection.weight - lost / 100, 9),
                max_score=selection.weight,
                cases=tuple(reports),
            )
        )
    return tuple(suites), tuple(ledger)


def can_be_marked(case: Case) -> bool:
    """Whether a case can be right or wrong. A convention is only reported."""
    return case.kind is not Kind.CONVENTION


def charge(selection: Selection, reports: Sequence[CaseReport], loaded: bool) -> list[LedgerLine]:
    """Returns what each cause costs in a suite, in building-block order.

    A cause that costs less than half a hundredth of a point is left out.
    """
    lost: dict[str, Fraction] = {}
    tests: Counter[str] = Counter()
    worth = find_worth(selection, reports)
    for report in reports:
        missing = 1 - report.earned
        if missing and (part := worth.get(report.rule, ZERO) * Fraction(missing)):
            cause = find_cause(report) if loaded else NOT_LOADED
            lost[cause] = lost.get(cause, ZERO) + part
            tests[cause] += 1
    most = int(Fraction(str(selection.weight)) * 100)
    hundredths = dict(zip(lost, round_to_hundredths(list(lost.values()), most), strict=True))
    return [
        LedgerLine(
            suite=selection.suite.name,
            cause=spell_rule(cause) or selection.suite.title,
            tests=tests[cause],
            points=hundredths[cause] / 100,
        )
        for cause in sorted(lost, key=lambda cause: RANK.get(cause, len(RANK)))
        if hundredths[cause]
    ]


def find_worth(selection: Selection, reports: Iterable[CaseReport]) -> dict[str | None, Fraction]:
    """Returns the points of one case of each rule. Cases without a rule are one more group."""
    sizes = Counter(report.rule for report in reports if report.counts)
    share = Fraction(str(selection.weight)) / max(1, len(sizes))
    return {rule: share / size for rule, size in sizes.items()}


def find_cause(report: CaseReport) -> str:
    """Returns the rule that a failing case is charged to; "" if it has none."""
    return report.blocked_by[0] if report.blocked_by else report.rule or ""


def round_to_hundredths(parts: Sequence[Fraction], most: int) -> list[int]:
    """Returns parts of points as hundredths that add up to their rounded sum.

    A loss is never rounded away, so full marks mean that every test passed. `most` is the largest
    sum.

    >>> round_to_hundredths([Fraction(1, 300), Fraction(2, 300)], 1000)
    [0, 1]
    """
    exact = [100 * part for part in parts]
    total = min(max(int(sum(exact) + Fraction(1, 2)), 1), most) if exact else 0
    rounded = [int(part) for part in exact]
    largest = sorted(range(len(exact)), key=lambda one: rounded[one] - exact[one])
    for one in largest[: total - sum(rounded)]:
        rounded[one] += 1
    return rounded
