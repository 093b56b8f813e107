"""Says which known mistakes give an engine's numbers, if any do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.catalogue.identity import STATE
from worker.grading.diagnosis.explanation import Explanation
from worker.grading.diagnosis.failures import find_ended, find_unexplained
from worker.grading.diagnosis.kept import find_kept
from worker.grading.diagnosis.messages import find_changes, find_in_messages
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import (
    Judged,
    failed,
    is_repeatable,
    read_answers,
    sign,
)
from worker.grading.diagnosis.search import NEAR
from worker.grading.diagnosis.statements import (
    MOST_EVIDENCE,
    name_tests,
    say,
    simplest_first,
)
from worker.report.model import Diagnosis, Interface
from worker.sandbox.host.outcome import Failure, Observation

HALF = MOST_EVIDENCE // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The diagnoses of an engine, the signature of its numbers, and the model that gives them.

    There is a model only if it predicts every number.
    """

    diagnoses: tuple[Diagnosis, ...] = ()
    signature: str = ""
    model: Model | None = None


def is_worth_asking(judged: Judged) -> bool:
    """Whether an engine gave wrong numbers, so that the questions of diagnosis help."""
    return bool(failed(judged))


def diagnose(
    judged: Judged,
    outcomes: Sequence[Observation | Failure] = (),
    interface: Interface | None = None,
    graded: Judged | None = None,
    near: float = NEAR,
) -> Findings:
    """Returns the mistakes that explain an engine's wrong numbers and its messages.

    `judged` has every case with its suite's name and its report, and `outcomes` the answers to the
    questions of diagnosis, if they were asked. There is no diagnosis if nothing explains the
    numbers: a wrong one is worse than none. None is exact if it leaves open why some test ended
    without numbers. `graded` are the cases of which that is asked, if not all: those with points.
    Numbers agree if they are this `near`, relative or for numbers below 1 absolute.
    """
    shown = list(find_in_messages(judged))
    patterns = [pattern for pattern, *_ in shown]
    messages = [say(BY_KEY[one.misconception], (), names, rule=rule) for one, names, rule in shown]
    ended = find_ended(judged if graded is None else graded)
    if not outcomes:
        # An engine with wrong numbers couldn't be asked, so its numbers have no explanation.
        exact = not is_worth_asking(judged) and not find_unexplained(ended, patterns)
        return Findings(diagnoses=tuple(replace(one, exact=exact) for one in messages))
    observed = read_answers(outcomes)
    if not is_repeatable(outcomes):
        if (kept := find_kept(judged, outcomes)) and not find_unexplained(ended, patterns):
            evidence = name_tests(simplest_first(failed(judged)))
            entry = BY_KEY["results-remembered"]
            own = say(entry, (), evidence, exact=True, predicts=(kept, kept))
            exactly = (replace(one, exact=True) for one in messages)
            return Findings(diagnoses=(own, *exactly), signature=sign(observed))
        diagnoses = (say(STATE, (), name_tests(simplest_first(failed(judged)))), *messages)
        return Findings(diagnoses=diagnoses, signature=sign(observed))
    changes = find_changes(judged, shown)
    explanation = Explanation(judged, observed, interface, ended, patterns, near, changes)
    found = explanation.find()
    exact = bool(found) and found[0].exact
    return Findings(
        diagnoses=_join(found, [replace(one, exact=exact) for one in messages]),
        signature=sign(observed),
        model=explanation.model,
    )


def _join(found: Sequence[Diagnosis], messages: Sequence[Diagnosis]) -> tuple[Diagnosis, ...]:
    """Returns the diagnoses by numbers, then those by messages alone.

    If both show a mistake, the tests with messages are simpler. Those with numbers make the small
    graph.
    """
    by_message = {one.misconception: one.evidence[:HALF] for one in messages}
    by_numbers = [
        replace(one, evidence=(*by_message.get(one.misconception, ()), *one.evidence))
        for one in found
        if one.evidence or one.misconception not in by_message
    ]
    known = {one.misconception for one in by_numbers}
    return (
        *(replace(one, evidence=one.evidence[:MOST_EVIDENCE]) for one in by_numbers),
        *(one for one in messages if one.misconception not in known),
    )
