"""Turns verdicts into points.

A broken rule costs the points of the cases that test it. A case that only depends on a broken rule
doesn't count by itself: its points follow from how well the rest of the engine does.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.report.model import CaseReport, SuiteReport, Verdict
from worker.suites.cases import Case, Kind, Suite
from worker.suites.rules import CHAIN, REUSE, SEED, SHARED, VALUES, spell_rule

INDISPENSABLE = frozenset({VALUES["+"], VALUES["*"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A suite, and the points that all its cases together are worth."""

    suite: Suite
    weight: float

    @property
    def each(self) -> float:
        """The points of one case. All cases that can be marked are worth the same."""
        return self.weight / max(1, sum(map(can_be_marked, self.suite.cases)))


Judged = Sequence[tuple[Case, CaseReport]]


def score(
    selections: Sequence[Selection], judged: Sequence[Judged], *, loaded: bool = True
) -> tuple[SuiteReport, ...]:
    """Returns the suites' reports with their points.

    `judged` has every case of every suite. Pass `loaded=False` if the file couldn't be loaded: then
    every case failed for that reason, and no rule is at fault.
    """
    # A rule tested only for no points is charged nowhere, so the cases that need it must count.
    any_weighs = any(selection.weight for selection in selections)
    charged = [
        pair
        for selection, pairs in zip(selections, judged, strict=True)
        if selection.weight or not any_weighs
        for pair in pairs
    ]
    faults = find_faults(charged if loaded else ())
    settled = [[(case, settle(case, report, faults)) for case, report in pairs] for pairs in judged]
    evidence = Evidence.gather(selections, settled, faults)
    return tuple(
        SuiteReport(
            name=selection.suite.name,
            title=selection.suite.title,
            score=earn(selection, pairs, evidence),
            max_score=selection.weight,
            cases=tuple(report for _, report in pairs),
        )
        for selection, pairs in zip(selections, settled, strict=True)
    )


def can_be_marked(case: Case) -> bool:
    """Whether a case can be right or wrong. A convention is only reported."""
    return case.kind is not Kind.CONVENTION


def earn(selection: Selection, pairs: Judged, evidence: Evidence) -> float:
    """Returns the points of a suite.

    A case that doesn't count earns at most the share that passes among the suite's other cases.
    """
    marked = [(case, report) for case, report in pairs if can_be_marked(case)]
    if all(report.counts and has_passed(report) for _, report in marked):
        return selection.weight  # exactly; 0.7 * 3 / 3 would be a rounding error less
    counted = [report for _, report in marked if report.counts]
    passed = sum(map(has_passed, counted))
    own = passed / len(counted) if counted else 1.0
    left = sum(min(own, evidence.share_of(case)) for case, report in marked if not report.counts)
    return selection.each * (passed + left)


def has_passed(report: CaseReport) -> bool:
    """Whether the verdict is `passed`."""
    return report.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much of an engine works, by the cases that count, weighted by their points.

    `shares` maps each rule and each shape of graphs to the share of its cases that pass. A case
    that tests a broken rule is left out of `shares`. `overall` is the share of all cases.
    """

    overall: float
    shares: Mapping[str, float]
    faults: Faults

    @classmethod
    def gather(
        cls, selections: Sequence[Selection], settled: Sequence[Judged], faults: Faults
    ) -> Evidence:
        """Adds up the suites that give points."""
        if not faults.found:  # every case counts, so nobody asks for a share
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
        """Returns what a case that doesn't count is worth, from 0 to 1.

        That is the lowest share among its working rules and its shapes, times the part of its rules
        that aren't wrong. A shape that no counted case has earns nothing.
        """
        rules, broken = find_rules(case) - {SEED, CHAIN}, self.faults.behind(case)
        seen = [self.shares[rule] for rule in rules - broken if rule in self.shares]
        # If reuse itself is broken, that explains results that are used again, too.
        explained = {REUSE, SHARED} if REUSE in broken else set[str]()
        shapes = (case.shapes | ({REUSE} & case.needs)) - explained
        seen += [self.shares.get(shape, 0.0) for shape in shapes]
        wrong = sum(self.faults.wrong[rule] for rule in broken)
        return min([self.overall, *seen]) * (1 - wrong / len(rules))


@dataclass(slots=True)
class _Share:
    """Points that were possible, and points that were earned."""

    points: float = 0.0
    earned: float = 0.0

    def add(self, points: float, passed: bool) -> None:
        self.points += points
        self.earned += points * passed

    @property
    def part(self) -> float:
        return self.earned / self.points if self.points else 0.0


def find_rules(case: Case) -> frozenset[str]:
    """Returns all rules that a case's graph needs, including the one it tests."""
    return case.needs if case.establishes is None else case.needs | {case.establishes}


@dataclass(frozen=True, slots=True)
class Faults:
    """The broken rules, each with the set of traits that a case must have to show it.

    Often the set is the rule alone. But reuse may work in general and fail only for the results of
    `exp`: then the set has both. `wrong` is true for a rule that is wrong, false if it's missing.
    """

    found: frozenset[tuple[str, frozenset[str]]]
    wrong: Mapping[str, bool]

    def behind(self, case: Case) -> frozenset[str]:
        """Returns the broken rules that affect a case, including the rule it tests."""
        if not self.found:
            return frozenset()
        traits = find_traits(case)
        return frozenset(rule for rule, together in self.found if together <= traits)


def find_traits(case: Case) -> frozenset[str]:
    """Returns everything a case's graph needs: rules and shapes of graphs."""
    return find_rules(case) | case.shapes


def find_faults(judged: Judged) -> Faults:
    """Finds the rules whose own cases fail for no other reason than the rule.

    Simple cases come first, so one mistake that shows in many cases is charged to the simplest. A
    missing `+` or `*` counts as wrong: without them there is no engine.
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
        together = frozenset() if known else {(rule, find_culprits(case, rule, passed[rule]))}
        wrong = rule in INDISPENSABLE or report.verdict is not Verdict.UNSUPPORTED
        wrong = wrong or faults.wrong.get(rule, False)
        faults = Faults(faults.found | together, {**faults.wrong, rule: wrong})
    return faults


def find_culprits(case: Case, rule: str, passed: Sequence[frozenset[str]]) -> frozenset[str]:
    """Returns the traits that together make a case fail.

    If no case of the rule passes, that is the rule alone. Otherwise add the traits that no simpler
    passing case has, or all traits if the simpler cases have every one of them.
    """
    if not passed:
        return frozenset({rule})
    traits = find_traits(case)
    held = frozenset[str]().union(*(simpler for simpler in passed if simpler <= traits))
    return (traits - held or traits) | {rule}


def settle(case: Case, report: CaseReport, faults: Faults) -> CaseReport:
    """Returns the report, marked as not counting if the case depends on a broken rule.

    Such a case may pass by luck: `x - x` is right in an engine that computes no gradient at all.
    """
    because = sorted(case.needs & faults.behind(case))
    if not can_be_marked(case) or (because and has_passed(report)):
        return dataclasses.replace(report, counts=False)
    if not because:
        return report
    names = " and ".join(map(spell_rule, because))
    message = f"Fails because of {names}: {report.message}"
    return dataclasses.replace(report, counts=False, blocked_by=tuple(because), message=message)
