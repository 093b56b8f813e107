"""Finds the mistakes that show in the messages of exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from worker.grading.diagnosis.catalogue.messages import PATTERNS, RETURNS_A_NUMBER, Pattern
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import RIGHT, rule_of
from worker.grading.diagnosis.observations import Judged
from worker.grading.diagnosis.simplicity import Rank, rank
from worker.report.model import Verdict
from worker.suites.cases import Case, Kind

FEWEST = 2  # tests of a rule that must all fail with the same kind of message
FAILING = frozenset({Verdict.ERROR})  # what is not supported may be left out on purpose


def find_in_messages(judged: Judged) -> Iterator[tuple[Pattern, list[str], str]]:
    """Yields each pattern that all tests of some rule show, with the tests, the simplest first.

    The third item is the rule of the simplest test.
    """
    failing_by_rule: dict[str, list[tuple[str, Case, str]]] = {}
    for suite, case, report in judged:
        is_failing = report.verdict in FAILING
        if is_failing and case.establishes is not None and case.kind is Kind.NUMBERS:
            entry = suite, case, report.message
            failing_by_rule.setdefault(case.establishes, []).append(entry)
    for pattern in PATTERNS:
        found: list[tuple[Rank, str, str]] = []
        for rule, failing in failing_by_rule.items():
            if pattern.rules and rule not in pattern.rules:
                continue
            matching = [one for one in failing if pattern.message.search(one[2])]
            if len(matching) >= FEWEST and len(matching) == len(failing):
                found += [
                    (rank(suite, case), f"{suite}/{case.id}", rule) for suite, case, _ in matching
                ]
        if found:
            found.sort()
            yield pattern, [name for _, name, _ in found], found[0][2]


def find_changes(judged: Judged, shown: Iterable[tuple[Pattern, list[str], str]]) -> list[Change]:
    """Returns what a model must have so that its operations do what these messages say.

    What is made of an operation that returns a number may have numbers: a - b is, as a + (-b).
    """
    tests = {
        name for one, names, _ in shown if one.misconception == RETURNS_A_NUMBER for name in names
    }
    rules = {case.establishes for suite, case, _ in judged if f"{suite}/{case.id}" in tests}
    return [
        Change(
            mistake=RETURNS_A_NUMBER,
            forms=(form,),
            recipes=((form, "native"),),
            rules=((form, "result", "number"),),
        )
        for form in RIGHT
        if rule_of(form) in rules
    ]
