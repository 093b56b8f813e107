"""From verdicts to points. A broken rule is charged where it is established; a case that only takes
it for granted is worth what the rest of the engine shows."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from worker.report import CaseReport, SuiteReport, Verdict
from worker.suites import Case, Kind, Suite
from worker.suites.rules import REUSE, SHARED, VALUES, spell_rule

INDISPENSABLE = frozenset({VALUES["+"], VALUES["*"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A suite, and the points that all its cases together are worth."""

    suite: Suite
    weight: float

    @property
    def each(self) -> float:
        """The points of one of its cases that can be marked: all are worth the same."""
        return self.weight / max(1, sum(map(can_be_marked, self.suite.cases)))


Judged = Sequence[tuple[Case, CaseReport]]


def score(
    selections: Sequence[Selection], judged: Sequence[Judged], *, loaded: bool = True
) -> tuple[SuiteReport, ...]:
    """The suites' reports with their points; `judged` holds, for each suite, all its cases.

    Where the file could not be `loaded`, no rule is to blame.
    """
    broken = find_broken_rules(_choose_charged(selections, judged)) if loaded else {}
    settled = [
        [(case, _settle(case, report, broken.keys())) for case, report in pairs] for pairs in judged
    ]
    evidence = _Evidence.gather(selections, settled, broken)
    return tuple(
        SuiteReport(
            name=selection.suite.name,
            title=selection.suite.title,
            score=_earn(selection, pairs, evidence),
            max_score=selection.weight,
            cases=tuple(report for _, report in pairs),
        )
        for selection, pairs in zip(selections, settled, strict=True)
    )


def can_be_marked(case: Case) -> bool:
    """Whether there is a right and a wrong in it; conventions are told."""
    return case.kind is not Kind.CONVENTION


def _earn(selection: Selection, pairs: Judged, evidence: _Evidence) -> float:
    """The points of a suite."""
    marked = [(case, report) for case, report in pairs if can_be_marked(case)]
    if all(report.counts and has_passed(report) for _, report in marked):
        return selection.weight  # and not a rounding less, as 0.7 * 3 / 3 is
    counted = [report for _, report in marked if report.counts]
    passed = sum(map(has_passed, counted))
    own = passed / len(counted) if counted else 1.0
    left = sum(min(own, evidence.share_of(case)) for case, report in marked if not report.counts)
    return selection.each * (passed + left)


def has_passed(report: CaseReport) -> bool:
    """Whether all is right."""
    return report.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the cases that count show of an engine, each weighed by its points.

    `shares` has, for each rule and each shape of graphs, the part of such cases that pass; those
    that establish a broken rule show nothing else. `overall` is the part of all.
    """

    overall: float
    shares: Mapping[str, float]
    broken: Mapping[str, bool]

    @classmethod
    def gather(
        cls, selections: Sequence[Selection], settled: Sequence[Judged], broken: Mapping[str, bool]
    ) -> _Evidence:
        """What is seen in the suites that give points."""
        if not broken:  # then every case says something of its own, and nobody asks
            return cls(1.0, {}, broken)
        total = _Share()
        shares: defaultdict[str, _Share] = defaultdict(_Share)
        for selection, pairs in zip(selections, settled, strict=True):
            each = selection.each
            for case, report in pairs:
                if not report.counts:
                    continue
                total.add(each, has_passed(report))
                if case.establishes not in broken:
                    for trait in find_rules(case) | case.shapes:
                        shares[trait].add(each, has_passed(report))
        found = {trait: share.part for trait, share in shares.items() if share.points}
        return cls(total.part, found, broken)

    def share_of(self, case: Case) -> float:
        """What a case is worth that says nothing of its own, from 0 to 1.

        It is worth no more than the worst of what it asks for is seen to be, and of that the part
        of its rules that hold. A shape of graphs that is seen nowhere is not known to be mastered.
        """
        rules = find_rules(case)
        seen = [self.shares[rule] for rule in rules - self.broken.keys() if rule in self.shares]
        seen += [self.shares.get(shape, 0.0) for shape in self._find_shapes(case)]
        wrong = sum(self.broken.get(rule, False) for rule in rules)
        return min([self.overall, *seen]) * (1 - wrong / len(rules))

    def _find_shapes(self, case: Case) -> frozenset[str]:
        """What must have been seen; where reuse is broken, that covers results used again."""
        reuse = frozenset({REUSE, SHARED} if REUSE in self.broken else ())
        return (case.shapes | ({REUSE} & case.needs)) - reuse


@dataclass(slots=True)
class _Share:
    """Points that were to be had, and those that were earned."""

    points: float = 0.0
    earned: float = 0.0

    def add(self, points: float, passed: bool) -> None:
        self.points += points
        self.earned += points * passed

    @property
    def part(self) -> float:
        return self.earned / self.points if self.points else 0.0


def find_rules(case: Case) -> frozenset[str]:
    """All rules that a case's graph needs, the one that it establishes among them."""
    return case.needs if case.establishes is None else case.needs | {case.establishes}


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


def find_broken_rules(judged: Judged) -> dict[str, bool]:
    """The rules of which a case that establishes them fails, and not because of another rule; and
    whether each is wrong, rather than missing: then all of those cases are unsupported.

    Without what is indispensable there is no engine: to leave it out is no better than a slip.
    """
    failures: defaultdict[str, list[tuple[frozenset[str], Verdict]]] = defaultdict(list)
    for case, report in judged:
        if case.establishes is not None and not has_passed(report):
            failures[case.establishes].append((case.needs, report.verdict))

    def is_broken(rule: str, below: frozenset[str]) -> bool:
        """Whether it is, leaving out rules that are being asked about."""
        below |= {rule}
        return any(
            not any(is_broken(need, below) for need in needs - below) for needs, _ in failures[rule]
        )

    return {
        rule: rule in INDISPENSABLE
        or any(verdict is not Verdict.UNSUPPORTED for _, verdict in failures[rule])
        for rule in list(failures)
        if is_broken(rule, frozenset())
    }


def _settle(case: Case, report: CaseReport, broken: Collection[str]) -> CaseReport:
    """The report, which does not count where its graph takes a broken rule for granted.

    It would pass or fail by that rule's luck: where nothing has a gradient, `x - x` is right.
    """
    because = sorted(case.needs.intersection(broken))
    if not can_be_marked(case) or (because and has_passed(report)):
        return dataclasses.replace(report, counts=False)
    if not because:
        return report
    names = " and ".join(map(spell_rule, because))
    message = f"Fails because of {names}: {report.message}"
    return dataclasses.replace(report, counts=False, blocked_by=tuple(because), message=message)
