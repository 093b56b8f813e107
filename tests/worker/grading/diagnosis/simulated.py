"""Answers of simulated engines, in place of those of a student's file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from worker.grading.diagnosis.catalogue import MISCONCEPTIONS, branches_in
from worker.grading.diagnosis.catalogue.entries import own
from worker.grading.diagnosis.changes import Change, operands_of
from worker.grading.diagnosis.forms import RULES
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.search import agree
from worker.grading.diagnosis.simulate import Numbers

RIGHT = Model()
FORMS = ("*VV", "-NV", "relu", "**VN", "+=VN")
SLOPES = ("a", "-out", "2 * a", "a**2", "1 - out", "a / out", "out * g", "0.5")
SLOPES_OF_TWO = {"VV": ("a * b", "b", "a - b"), "VN": ("n * a", "n"), "NV": ("n * a", "n")}


def answers_of(model: Model) -> dict[str, Numbers | None]:
    """What a model answers to each question; None where it fails."""
    answers = ((probe.id, predict(model, probe)) for probe in probes())
    return {name: one if isinstance(one, tuple) else None for name, one in answers}


def is_right(observed: dict[str, Numbers | None]) -> bool:
    """Whether all answers are those of a right engine."""
    numbers = ((probe, observed[probe.id]) for probe in probes())
    return all(one is None or agree(predict(RIGHT, probe), one) for probe, one in numbers)


def all_changes(forms: Sequence[str] = FORMS) -> Iterator[Change]:
    """Every change of the catalogue: of the whole engine, and in these forms."""
    for entry in MISCONCEPTIONS:
        yield from entry.everywhere
        for form in forms:
            yield from entry.in_form(form)


def all_branches() -> Iterator[Change]:
    """Every change of the catalogue for some numbers, in all forms."""
    for form in RULES:
        yield from branches_in(form)


def some_formulas() -> Iterator[Change]:
    """Wrong slopes of every form, most of which the catalogue doesn't have."""
    for form, (_, *slopes) in RULES.items():
        texts = (*SLOPES, *SLOPES_OF_TWO.get(form[-2:], ()))
        for i, text in ((i, text) for i in operands_of(form) for text in texts):
            if text != slopes[i]:
                rules = ((form, f"slope{i}", text),)
                yield Change(
                    mistake="formula", forms=(form,), recipes=own(form), rules=rules, text=text
                )


def name_of(change: Change) -> str:
    """A change in a few words, for a test's name."""
    details = [*change.dials, *change.recipes, *(rule[1:] for rule in change.rules)]
    return f"{change.mistake}: {', '.join(change.forms)} {details}"
