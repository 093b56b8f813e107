"""From verdicts to points. A broken rule is charged where it is established, and nowhere again."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from worker.report import CaseReport, SuiteReport, Verdict
from worker.suites import Case, Kind, Suite
from worker.suites.rules import spell_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A suite, and the points that all its cases together are worth."""

    suite: Suite
    weight: float


Judged = Sequence[tuple[Case, CaseReport]]


def score(
    selections: Sequence[Selection], judged: Sequence[Judged], *, loaded: bool = True
) -> tuple[SuiteReport, ...]:
    """The suites' reports with their points; `judged` holds, for each suite, all its cases.

    A suite gives its weight times the share passed of the cases that count. One in which every
    case is blocked says nothing, so it counts as all the others do together. Where the file could
    not be `loaded`, no rule is to blame.
    """
    broken = find_broken_rules(_choose_charged(selections, judged)) if loaded else frozenset()
    settled = [[_settle(case, report, broken) for case, report in pairs] for pairs in judged]
    points = [
        _earn(selection.weight, reports)
        for selection, reports in zip(selections, settled, strict=True)
    ]
    overall = _weigh(selections, points)
    return tuple(
        SuiteReport(
            name=selection.suite.name,
            title=selection.suite.title,
            score=selection.weight * overall if earned is None else earned,
            max_score=selection.weight,
            cases=tuple(reports),
        )
        for selection, earned, reports in zip(selections, points, settled, strict=True)
    )


def _choose_charged(selections: Sequence[Selection], judged: Sequence[Judged]) -> Judged:
    """The cases of suites that give points, or all where none does.

    A rule that is established for no points is charged nowhere, so what needs it must count.
    """
    any_weighs = any(selection.weight for selection in selections)
    return [
        pair
        for selection, pairs in zip(selections, judged, strict=True)
        if selection.weight or not any_weighs
        for pair in pairs
    ]


def _weigh(selections: Sequence[Selection], points: Sequence[float | None]) -> float:
    """The share of their points that the suites earn which say anything."""
    known = [
        (earned, selection.weight)
        for selection, earned in zip(selections, points, strict=True)
        if earned is not None
    ]
    weight = sum(weight for _, weight in known)
    return sum(earned for earned, _ in known) / weight if weight else 0.0


def find_broken_rules(judged: Judged) -> frozenset[str]:
    """The rules of which a case that establishes them fails, and not because of another rule."""
    failures: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for case, report in judged:
        if case.establishes is not None and report.verdict is not Verdict.PASSED:
            failures[case.establishes].append(case.needs)

    def is_broken(rule: str, below: frozenset[str]) -> bool:
        """Whether it is, leaving out rules that are being asked about."""
        below |= {rule}
        return any(
            not any(is_broken(need, below) for need in needs - below) for needs in failures[rule]
        )

    return frozenset(rule for rule in list(failures) if is_broken(rule, frozenset()))


def _settle(case: Case, report: CaseReport, broken: frozenset[str]) -> CaseReport:
    """The report, which does not count where its graph takes a broken rule for granted.

    It would pass or fail by that rule's luck: where nothing has a gradient, `x - x` is right.
    """
    because = sorted(case.needs & broken)
    if case.kind is Kind.CONVENTION or (because and report.verdict is Verdict.PASSED):
        return dataclasses.replace(report, counts=False)
    if not because:
        return report
    names = " and ".join(map(spell_rule, because))
    message = f"Fails because of {names}: {report.message}"
    return dataclasses.replace(report, counts=False, blocked_by=tuple(because), message=message)


def _earn(weight: float, reports: Sequence[CaseReport]) -> float | None:
    """The points for the cases that count; None where none does."""
    counted = [report for report in reports if report.counts]
    if not counted:
        return None
    passed = sum(report.verdict is Verdict.PASSED for report in counted)
    if passed == len(counted):
        return weight  # and not a rounding less, as 0.7 * 3 / 3 is
    return weight * passed / len(counted)
