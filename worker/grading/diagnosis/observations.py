"""What an engine's answers say: numbers, and where they say nothing."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import cache

from worker.grading.diagnosis.questions import Probe, probes
from worker.grading.diagnosis.simulate import Numbers
from worker.graph import Apply, Question
from worker.report.model import CaseReport, Quantity, Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case, Kind

REPEATED = (
    "sum",
    "again",
    "tanh-again",
    "timestimesVN-again",
    "exp-again",
)  # asked again at the end
SHORT = "%.6g"  # a number in a signature; one format for many numbers is fast
MOST_STEPS = 120  # of a case that is compared with models
COMPARED = frozenset({Verdict.PASSED, Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT})
VARIED = frozenset({Verdict.NONDETERMINISTIC})  # the numbers are those of one order of sets

Observed = Mapping[str, Numbers | None]
Answered = tuple[str, Case, CaseReport]  # with the suite's name
Judged = Sequence[Answered]


def list_questions() -> list[Question]:
    """The questions of diagnosis, then some of them again."""
    again = [probe for probe in probes() if probe.id in REPEATED]
    return [probe.question for probe in (*probes(), *again)]


def read_answers(outcomes: Sequence[Observation | Failure]) -> dict[str, Numbers | None]:
    """The numbers of each question; None for a failure, and for questions that weren't reached.

    Some right engines keep no gradients of results, so those say nothing if they are all 0.
    """
    observed: dict[str, Numbers | None] = {}
    for probe, outcome in zip(probes(), outcomes, strict=False):
        observed[probe.id] = outcome.numbers if isinstance(outcome, Observation) else None
    inner = _find_inner()
    if not any(
        number
        for name, numbers in observed.items()
        for number, is_inner in zip(numbers or (), inner[name], strict=False)
        if is_inner
    ):
        return {
            name: numbers
            and tuple(
                None if is_inner else number
                for number, is_inner in zip(numbers, inner[name], strict=True)
            )
            for name, numbers in observed.items()
        }
    return observed


@cache
def _find_inner() -> Mapping[str, Sequence[bool]]:
    """For each question, which of its numbers are gradients of results."""
    found = {}
    for probe in probes():
        nodes = probe.graph.nodes
        found[probe.id] = [
            part is Quantity.GRAD and isinstance(nodes[node], Apply) for node, part in probe.reads
        ]
    return found


def is_repeatable(outcomes: Sequence[Observation | Failure]) -> bool:
    """Whether questions that were asked twice got the same answer."""
    own = list(probes())
    again = [index for index, probe in enumerate(own) if probe.id in REPEATED]
    return all(
        _numbers(outcomes[first]) == _numbers(second)
        for first, second in zip(again, outcomes[len(own) :], strict=False)
    )


def _numbers(outcome: Observation | Failure) -> Numbers | None:
    return outcome.numbers if isinstance(outcome, Observation) else None


def sign(observed: Observed) -> str:
    """A short text that is the same for engines whose answers agree to a few digits."""
    text = ";".join([_write(numbers or ()) for _, numbers in sorted(observed.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(numbers: Numbers) -> str:
    known = [one + 0.0 for one in numbers if one is not None]
    return ",".join(["-" if one is None else SHORT for one in numbers]) % tuple(known)


MOST_KNOWN = 5_000  # cases
_known: dict[int, tuple[Case, Probe]] = {}


def probe_case(suite: str, case: Case) -> Probe:
    """The graph of a case, with what was read of it. Cases are kept for later gradings."""
    known = _known.get(id(case))
    if known is not None and known[0] is case:
        return known[1]
    if len(_known) >= MOST_KNOWN:
        _known.clear()
    graph = case.question.graph
    probe = Probe(id=f"{suite}/{case.id}", form="", graph=graph, reads=case.reads)
    _known[id(case)] = case, probe
    return probe


def list_compared(suite: str, cases: Iterable[Case]) -> Iterator[Probe]:
    """Yields the graphs of a suite's cases whose numbers can be compared with models."""
    return (probe_case(suite, case) for case in cases if is_compared(case))


def is_compared(case: Case) -> bool:
    """Whether models say anything about a case."""
    is_usual = case.kind in (Kind.NUMBERS, Kind.GRADIENT_CHECK)
    return is_usual and len(case.question.graph.steps) <= MOST_STEPS


def read_cases(
    judged: Judged, verdicts: Container[Verdict] = COMPARED
) -> tuple[list[Probe], dict[str, Numbers | None]]:
    """The cases with these verdicts whose numbers can be compared with models, the smallest first.

    A case that has numbers in one order of sets only can't be.
    """
    chosen: list[tuple[int, Probe]] = []
    observed: dict[str, Numbers | None] = {}
    for suite, case, report in judged:
        if report.verdict not in verdicts or not report.counts or not is_compared(case):
            continue
        numbers = tuple([check.actual for check in report.checks])
        is_known = all(one is None or math.isfinite(one) for one in numbers)
        probe = probe_case(suite, case)
        if not is_known or len(numbers) != len(probe.reads):
            continue
        chosen.append((len(probe.graph.steps), probe))
        observed[probe.id] = numbers
    chosen.sort(key=lambda pair: pair[0])
    return [probe for _, probe in chosen], observed


def failed(judged: Judged) -> Judged:
    """The cases that gave wrong numbers."""
    wrong = (Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT, Verdict.NONDETERMINISTIC)
    return [
        (suite, case, report)
        for suite, case, report in judged
        if report.verdict in wrong and case.kind is not Kind.CONVENTION
    ]
