"""From verdicts to points. A broken rule is charged where it is established; a case that only takes
it for granted is worth what the rest of the engine shows."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from worker.report.model import CaseReport, SuiteReport, Verdict
from worker.suites.cases import Case, Kind, Suite
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
    faults = find_faults(_choose_charged(selections, judged) if loaded else ())
    settled = [
        [(case, _settle(case, report, faults)) for case, report in pairs] for pairs in judged
    ]
    evidence = _Evidence.gather(selections, settled, faults)
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
    that establish what is broken show nothing else. `overall` is the part of all.
    """

    overall: float
    shares: Mapping[str, float]
    faults: Faults

    @classmethod
    def gather(
        cls, selections: Sequence[Selection], settled: Sequence[Judged], faults: Faults
    ) -> _Evidence:
        """What is seen in the suites that give points."""
        if not faults.found:  # then every case says something of its own, and nobody asks
            return cls(1.0, {}, faults)
        total = _Share()
        shares: defaultdict[str, _Share] = defaultdict(_Share)
        for selection, pairs in zip(selections, settled, strict=True):
            each = selection.each
            for case, report in pairs:
                if not report.counts:
                    continue
                total.add(each, has_passed(report))
                if case.establishes not in faults.behind(case):
                    for trait in find_traits(case):
                        shares[trait].add(each, has_passed(report))
        found = {trait: share.part for trait, share in shares.items() if share.points}
        return cls(total.part, found, faults)

    def share_of(self, case: Case) -> float:
        """What a case is worth that says nothing of its own, from 0 to 1.

        It is worth no more than the worst of what it asks for is seen to be, and of that the part
        of its rules that hold. A shape of graphs that is seen nowhere is not known to be mastered.
        """
        rules, broken = find_rules(case), self.faults.behind(case)
        seen = [self.shares[rule] for rule in rules - broken if rule in self.shares]
        seen += [self.shares.get(shape, 0.0) for shape in self._find_shapes(case, broken)]
        wrong = sum(self.faults.wrong[rule] for rule in broken)
        return min([self.overall, *seen]) * (1 - wrong / len(rules))

    def _find_shapes(self, case: Case, broken: Collection[str]) -> frozenset[str]:
        """What must have been seen; where reuse is broken, that covers results used again."""
        reuse = frozenset({REUSE, SHARED} if REUSE in broken else ())
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


@dataclass(frozen=True, slots=True)
class Faults:
    """The broken rules, each with what must come together for it to show: the rule alone, or with
    other rules and shapes of graphs. So does reuse hold, and fail of one function's results.

    `wrong` says of each rule whether it is wrong, rather than missing.
    """

    found: frozenset[tuple[str, frozenset[str]]]
    wrong: Mapping[str, bool]

    def behind(self, case: Case) -> frozenset[str]:
        """The broken rules by which a case would pass or fail, its own among them."""
        if not self.found:
            return frozenset()
        traits = find_traits(case)
        return frozenset(rule for rule, together in self.found if together <= traits)


def find_traits(case: Case) -> frozenset[str]:
    """All that a case's graph asks for: rules, and shapes of graphs."""
    return find_rules(case) | case.shapes


def find_faults(judged: Judged) -> Faults:
    """The rules of which a case that establishes them fails, and not because of another rule. What
    is wrong with more than one shows in the simplest.

    Without what is indispensable there is no engine: to leave it out is no better than a slip.
    """
    established = [(case, report) for case, report in judged if case.establishes is not None]
    failures = [(case, report) for case, report in established if not has_passed(report)]
    passed: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for case, report in established:
        if case.establishes is not None and has_passed(report):
            passed[case.establishes].append(find_traits(case))
    faults = Faults(frozenset(), {})
    for case, report in sorted(failures, key=lambda failure: len(find_traits(failure[0]))):
        rule, behind = case.establishes, faults.behind(case)
        if rule is None or behind - {rule}:
            continue
        known = rule in behind
        together = frozenset() if known else {(rule, _find_culprits(case, rule, passed[rule]))}
        wrong = rule in INDISPENSABLE or report.verdict is not Verdict.UNSUPPORTED
        wrong = wrong or faults.wrong.get(rule, False)
        faults = Faults(faults.found | together, {**faults.wrong, rule: wrong})
    return faults


def _find_culprits(case: Case, rule: str, passed: Sequence[frozenset[str]]) -> frozenset[str]:
    """What comes together where a case of a rule fails: the rule alone, where no case of it passes;
    else also what simpler cases that pass have not, or all of it if they have everything."""
    if not passed:
        return frozenset({rule})
    traits = find_traits(case)
    held = frozenset[str]().union(*(simpler for simpler in passed if simpler <= traits))
    return (traits - held or traits) | {rule}


def _settle(case: Case, report: CaseReport, faults: Faults) -> CaseReport:
    """The report, which does not count where its graph takes a broken rule for granted.

    It would pass or fail by that rule's luck: where nothing has a gradient, `x - x` is right.
    """
    because = sorted(case.needs & faults.behind(case))
    if not can_be_marked(case) or (because and has_passed(report)):
        return dataclasses.replace(report, counts=False)
    if not because:
        return report
    names = " and ".join(map(spell_rule, because))
    message = f"Fails because of {names}: {report.message}"
    return dataclasses.replace(report, counts=False, blocked_by=tuple(because), message=message)
