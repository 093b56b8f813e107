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

    All cases of a suite are worth the same. One that is blocked says nothing, so it is worth what
    those that count earn on average. Where the file could not be `loaded`, no rule is to blame.
    """
    broken = find_broken_rules(_choose_charged(selections, judged)) if loaded else frozenset()
    settled = [[_settle(case, report, broken) for case, report in pairs] for pairs in judged]
    tallies = [
        _count(selection.weight, pairs, reports)
        for selection, pairs, reports in zip(selections, judged, settled, strict=True)
    ]
    overall = _share(tallies)
    return tuple(
        SuiteReport(
            name=selection.suite.name,
            title=selection.suite.title,
            score=tally.earn(overall),
            max_score=selection.weight,
            cases=tuple(reports),
        )
        for selection, tally, reports in zip(selections, tallies, settled, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    """A suite's points, and how many of its cases that can be marked count, and of them passed."""

    weight: float
    marked: int
    counted: int
    passed: int

    def earn(self, overall: float) -> float:
        """The points. Of the cases that do not count the share `overall` is taken to pass, or the
        suite's own share where that is less: what was left to try may be its easiest cases.
        """
        if not self.counted:
            return self.weight * overall
        if self.passed == self.marked:
            return self.weight  # and not a rounding less, as 0.7 * 3 / 3 is
        share = min(overall, self.passed / self.counted)
        return self.weight * (self.passed + (self.marked - self.counted) * share) / self.marked


def _count(weight: float, pairs: Judged, reports: Sequence[CaseReport]) -> _Tally:
    counted = [report for report in reports if report.counts]
    return _Tally(
        weight=weight,
        marked=sum(case.kind is not Kind.CONVENTION for case, _ in pairs),
        counted=len(counted),
        passed=sum(report.verdict is Verdict.PASSED for report in counted),
    )


def _share(tallies: Sequence[_Tally]) -> float:
    """Of the points of all cases that count, the share of those that pass."""
    known = [(one, one.weight / one.marked) for one in tallies if one.counted]
    points = sum(each * one.counted for one, each in known)
    return sum(each * one.passed for one, each in known) / points if points else 0.0


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
