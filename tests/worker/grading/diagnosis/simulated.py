"""Answers of simulated engines, in place of those of a student's file."""

from __future__ import annotations

from collections.abc import Iterator

from worker.grading.diagnosis.catalogue import MISCONCEPTIONS
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.search import agree
from worker.grading.diagnosis.simulate import Numbers

RIGHT = Model()
FORMS = ("*VV", "-NV", "relu", "**VN", "+=VN")


def answers_of(model: Model) -> dict[str, Numbers | None]:
    """What a model answers to each question; None where it fails."""
    answers = ((probe.id, predict(model, probe)) for probe in probes())
    return {name: one if isinstance(one, tuple) else None for name, one in answers}


def is_right(observed: dict[str, Numbers | None]) -> bool:
    """Whether all answers are those of a right engine."""
    numbers = ((probe, observed[probe.id]) for probe in probes())
    return all(one is None or agree(predict(RIGHT, probe), one) for probe, one in numbers)


def all_changes() -> Iterator[Change]:
    """Every change of the catalogue: of the whole engine, and in some forms."""
    for entry in MISCONCEPTIONS:
        yield from entry.everywhere
        for form in FORMS:
            yield from entry.in_form(form)


def name_of(change: Change) -> str:
    """A change in a few words, for a test's name."""
    details = [*change.dials, *change.recipes, *(rule[1:] for rule in change.rules)]
    return f"{change.mistake}: {', '.join(change.forms)} {details}"
