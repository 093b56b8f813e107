"""Finds an engine's broken rules, and which of them make a test fail.

This only explains a score: `worker.grading.marking` counts points without it.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.graph import Update
from worker.report.model import CaseReport, Quantity, Verdict
from worker.suites.cases import Case
from worker.suites.rules import (
    CHAIN,
    EQUAL,
    FUNCTIONS_IN_ORDER,
    PRECISION,
    REUSE,
    RULES_IN_ORDER,
    SEED,
    SHARED,
    VALUES,
    spell_rule,
)

Judged = Sequence[tuple[Case, CaseReport]]

RANK = {rule: rank for rank, rule in enumerate((PRECISION, *RULES_IN_ORDER))}
# The cases of the pass are made of two operations. These are looked at first, the others later.
FIRST = (VALUES["+"], VALUES["*"], CHAIN, REUSE, SHARED, EQUAL)
OF_THE_PASS = frozenset({VALUES["+"], VALUES["*"]})  # its cases have these operations alone
# Operations that engines make of others.
COMPOSED = frozenset(RULES_IN_ORDER) - {*FIRST, SEED, *FUNCTIONS_IN_ORDER}
WITH_NUMBERS = frozenset({Verdict.PASSED, Verdict.WRONG_GRADIENT})
STUDIED = RANK | {rule: rank - len(FIRST) for rank, rule in enumerate(FIRST)}


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken rule, and the traits that a case must have to show it.

    Often `traits` is the rule alone. But reuse may work in general and fail only for the results
    of `exp`: then it has both. `verdict` is that of the case that showed the fault.
    """

    rule: str
    traits: frozenset[str]
    verdict: Verdict

    def explains(self, case: Case, verdict: Verdict) -> bool:
        """Whether the fault can make this case fail with this verdict.

        A wrong gradient explains no wrong value, unless the values of the case follow from
        gradients. Only what is missing explains what is missing. A pass that passes no gradients on
        explains an operation that may be made of others, as a - b is of a + (-b).
        """
        if (self.verdict is Verdict.UNSUPPORTED) is not (verdict is Verdict.UNSUPPORTED):
            return False
        follows = any(isinstance(step, Update) for step in case.graph.nodes)
        is_only_gradient = self.verdict is Verdict.WRONG_GRADIENT and not follows
        if is_only_gradient and verdict is Verdict.WRONG_VALUE:
            return False
        traits = find_traits(case)
        return self.traits <= traits or (self.rule == CHAIN and not COMPOSED.isdisjoint(traits))


def find_traits(case: Case) -> frozenset[str]:
    """Returns all rules that a case's graph needs, including the one it establishes."""
    return case.needs if case.establishes is None else case.needs | {case.establishes}


def find_faults(judged: Judged) -> tuple[Fault, ...]:
    """Finds the rules whose own cases fail for no other reason than the rule.

    Rules that others build on come first, and simple cases before others. So one mistake that
    shows in many cases is blamed on the simplest.
    """
    own = [(case.establishes, case, report) for case, report in judged if case.establishes]
    passed: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for rule, case, report in own:
        if report.passed:
            passed[rule].append(find_traits(case))
    failures = sorted(
        (one for one in own if not one[2].passed and PRECISION not in one[2].blocked_by),
        key=lambda failure: rank_case(failure[0], find_traits(failure[1])),
    )
    seeds = [report for rule, _, report in failures if rule == SEED]
    faults = find_broken_pass(seeds, passed[SEED] if is_any_passed_on(judged) else ())
    for rule, case, report in failures:
        if not any(fault.explains(case, report.verdict) for fault in faults):
            faults += (Fault(rule, find_culprits(case, rule, passed[rule]), report.verdict),)
    return faults


def rank_case(rule: str, traits: frozenset[str]) -> tuple[int, bool, int]:
    """Returns when to look at a case. The latest of its rules decides; the rule's own come first.

    A product that uses a value twice, for example, comes after the cases of reuse.
    """
    rank = max(STUDIED[trait] for trait in traits if trait == rule or trait in FIRST)
    return rank, STUDIED[rule] != rank, len(traits)


def find_broken_pass(
    seeds: Sequence[CaseReport], passed: Sequence[frozenset[str]]
) -> tuple[Fault, ...]:
    """Returns the fault of an engine in which no gradient is right, however simple the graph is.

    `seeds` are the cases of the output's own gradient that fail, `passed` those that pass. If no
    operand gets any gradient, it doesn't matter that the output has its own.
    """
    if passed or not seeds or seeds[0].verdict is Verdict.WRONG_VALUE:
        return ()
    return (Fault(SEED, frozenset({SEED}), seeds[0].verdict),)


def is_any_passed_on(judged: Judged) -> bool:
    """Whether an operand ever gets a gradient other than 0. True if none was read.

    Where sums or products fail or have wrong values, their gradients say nothing about the pass.
    """
    if any(
        case.establishes in OF_THE_PASS and report.verdict not in WITH_NUMBERS
        for case, report in judged
    ):
        return True
    is_read = False
    for gradient in _find_gradients_of_operands(judged):
        if gradient:
            return True
        is_read = True
    return not is_read


def _find_gradients_of_operands(judged: Judged) -> Iterator[float | None]:
    for case, report in judged:
        if report.verdict not in WITH_NUMBERS:
            continue
        outputs = case.graph.outputs
        for check in report.checks:
            if check.quantity is Quantity.GRAD and case.graph.names.get(check.node) not in outputs:
                yield check.actual


def find_culprits(case: Case, rule: str, passed: Sequence[frozenset[str]]) -> frozenset[str]:
    """Returns the traits that together make a case fail.

    If no case of the rule passes, that is the rule alone. Otherwise add the traits that no simpler
    passing case has, or all traits if the simpler cases have every one of them. A backward pass
    that is wrong once is wrong whatever the operations are.
    """
    if not passed or rule in FIRST:
        return frozenset({rule})
    traits = find_traits(case)
    held = frozenset[str]().union(*(simpler for simpler in passed if simpler <= traits))
    return (traits - held or traits) | {rule}


def explain(case: Case, report: CaseReport, faults: Sequence[Fault]) -> CaseReport:
    """Returns the report of a failing case with the other rules that make it fail, if any."""
    if report.passed or PRECISION in report.blocked_by:
        return report
    behind = {fault.rule for fault in faults if fault.explains(case, report.verdict)}
    because = tuple(sorted(behind - {case.establishes}, key=RANK.__getitem__))
    return blame(report, because) if because else report


def blame(report: CaseReport, rules: tuple[str, ...]) -> CaseReport:
    """Returns the report of a case that fails because of these rules, the cause first."""
    names = " and ".join(map(spell_rule, rules))
    message = f"Fails because of {names}: {report.message}"
    return dataclasses.replace(report, blocked_by=rules, message=message)
