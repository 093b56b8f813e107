"""What a report says of a mistake: its text, the tests that show it, and what gives the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.entries import OPERATION, Misconception
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.forms import rule_of
from worker.grading.diagnosis.observations import Answered, Judged
from worker.grading.diagnosis.simplicity import rank
from worker.grading.diagnosis.wording import fill, find_formula
from worker.grading.judge import describe
from worker.report.model import Check, Diagnosis
from worker.report.numbers import shorten

MOST_EVIDENCE = 8
MOST_ALIKE = 2  # named in an explanation
ALSO = " Your numbers could also mean: "
_quote = re.compile(f" In the test \u201c.*?(?={ALSO}|$)")


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
    """The student's own number in the first test, as a sentence. `replace_quote` finds it."""
    wrong = (
        (report.title, check)
        for _, _, report in chosen
        for check in report.checks
        if not check.passed
    )
    title, check = next(wrong, ("", None))
    return "" if check is None else f" In the test \u201c{title}\u201d, {describe_shortly(check)}"


def replace_quote(explanation: str, sentence: str) -> str:
    """Returns an explanation with another sentence in place of the one about a test, if any."""
    return _quote.sub(lambda _: f" {sentence}", explanation, count=1)


def describe_shortly(check: Check) -> str:
    """Says what is wrong in a failed check, with a few digits: `x.grad is 0.538, expected 1.`"""
    if check.actual is None:
        return describe(check)
    actual, expected = shorten(check.actual, check.expected)
    return describe(check._replace(actual=float(actual), expected=float(expected)))


def name_others(others: Mapping[str, Change]) -> str:
    """What else gives the same numbers, in a sentence."""
    titles = [fill(BY_KEY[key].title, [change]) for key, change in sorted(others.items())]
    if not titles:
        return ""
    shown = " or ".join(f"\u201c{title}\u201d" for title in titles[:MOST_ALIKE])
    return f"{ALSO}{shown}."


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
