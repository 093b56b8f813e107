"""What a report says of a mistake: its text, the tests that show it, and what gives the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import rule_of
from worker.grading.diagnosis.observations import Answered, Judged
from worker.grading.diagnosis.simplicity import rank
from worker.grading.diagnosis.wording import fill, find_formula
from worker.grading.judge import describe
from worker.report.model import Diagnosis

MOST_EVIDENCE = 8
MOST_ALIKE = 2  # named in an explanation


def say(
    entry: Misconception,
    changes: Sequence[Change],
    evidence: Sequence[str],
    *,
    rule: str = "",
    exact: bool = False,
    predicts: tuple[int, int] = (0, 0),
) -> Diagnosis:
    """Returns the diagnosis of a mistake, made by these changes. `rule` is the simplest test's.

    An operation that changed says more about the rule of a mistake that has none of its own.
    """
    if entry.rule != OPERATION:
        rule = entry.rule
    elif changes:
        rule = rule_of(changes[0].forms[0])
    return Diagnosis(
        misconception=entry.key,
        number=entry.number,
        title=fill(entry.title, changes),
        explanation=fill(entry.explanation, changes),
        hint=entry.hint,
        rule=rule,
        evidence=tuple(evidence[:MOST_EVIDENCE]),
        exact=exact,
        alike=(),
        formula=find_formula(changes),
        predicts=predicts,
    )


def quote_first(chosen: Judged) -> str:
    """The student's own number in the first test, as a sentence."""
    wrong = [
        (report.title, check)
        for _, _, report in chosen
        for check in report.checks
        if not check.passed
    ]
    return f" In the test \u201c{wrong[0][0]}\u201d, {describe(wrong[0][1])}" if wrong else ""


def name_others(others: Mapping[str, Change]) -> str:
    """What else gives the same numbers, in a sentence."""
    titles = [fill(BY_KEY[key].title, [change]) for key, change in sorted(others.items())]
    if not titles:
        return ""
    shown = " or ".join(f"\u201c{title}\u201d" for title in titles[:MOST_ALIKE])
    return f" These numbers could also mean: {shown}."


def name_test(one: Answered) -> str:
    """A test as suite/id."""
    suite, case, _ = one
    return f"{suite}/{case.id}"


def name_tests(chosen: Judged) -> list[str]:
    """The tests as suite/id, in their order."""
    return [name_test(one) for one in chosen]


def simplest_first(chosen: Judged) -> Judged:
    """The simplest graphs first. Equal ones keep the order of the suites, simple rules first."""
    return sorted(chosen, key=lambda item: rank(item[0], item[1]))
