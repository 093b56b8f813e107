"""Tests that ended without numbers, and whether a mistake is why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.grading.diagnosis.catalogue.messages import Pattern
from worker.grading.diagnosis.changes import RIGHT
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.observations import VARIED, Judged, is_compared, probe_case
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import Probe
from worker.report.model import Verdict
from worker.suites.cases import Case

ENDED = frozenset(  # verdicts without numbers; what isn't supported may be left out on purpose
    {
        Verdict.ERROR,
        Verdict.TIMEOUT,
        Verdict.CRASHED,
        Verdict.MEMORY_LIMIT,
        Verdict.OUTPUT_LIMIT,
        Verdict.INVALID_OUTPUT,
    }
)
NOT_RUN = "Not run"  # how the message of such a test begins
# Where a model has the number 0, an engine may have nothing yet: no gradient, entry or operands.
NOTHING_THERE = re.compile(r"NoneType|KeyError|IndexError|values to unpack")


@dataclass(frozen=True, slots=True)
class Ended:
    """A test without numbers, with its message."""

    case: Case
    probe: Probe
    message: str

    def shows(self, patterns: Sequence[Pattern]) -> bool:
        """Whether its message is one of these. An operation may be made of the one that fails."""
        return any(one.message.search(self.message) for one in patterns)

    def follows_from(self, model: Model) -> bool:
        """Whether a model's mistake is why there are no numbers.

        It is if the model has no numbers either. If the graph feels a mistake, an engine that makes
        it may find nothing where the model has 0.
        """
        if not isinstance(predict(model, self.probe), tuple):
            return True
        own = model.reduced(self.probe.forms)
        is_felt = own != RIGHT._replace(recipes=own.recipes, order=own.order)
        return is_felt and NOTHING_THERE.search(self.message) is not None


def find_ended(judged: Judged) -> list[Ended]:
    """The tests that models say something about, but that were run and ended without numbers."""
    return [
        Ended(case, probe_case(suite, case), report.message)
        for suite, case, report in judged
        if report.verdict in ENDED or (report.verdict in VARIED and not report.checks)
        if report.counts and not report.message.startswith(NOT_RUN) and is_compared(case)
    ]


def find_unexplained(
    ended: Sequence[Ended], patterns: Sequence[Pattern], model: Model | None = None
) -> list[Ended]:
    """The tests whose end neither these messages explain nor, if there is one, the model.

    In a larger graph, what one operation did may have another message.
    """
    broken, others = set[str | None](), list[Ended]()
    for one in ended:
        if one.shows(patterns):
            broken.add(one.case.establishes)
        else:
            others.append(one)
    return [
        one
        for one in others
        if (one.case.establishes is not None or broken.isdisjoint(one.case.needs))
        and (model is None or not one.follows_from(model))
    ]
