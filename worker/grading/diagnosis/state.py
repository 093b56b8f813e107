"""A state of a search: a model, and how far it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.model import Model

AGAIN = 0.1  # what the same mistake in another form adds to the cost of the first


@dataclass(order=True, slots=True)
class State:
    """A model, the changes that made it, and the first graph whose numbers it doesn't predict."""

    priority: tuple[float, int]
    serial: int
    model: Model = field(compare=False)
    changes: tuple[Change, ...] = field(compare=False)
    index: int = field(compare=False)
    stage: int = field(compare=False, default=0)  # which changes are tried next

    @property
    def mistakes(self) -> tuple[Change, ...]:
        """The changes that are mistakes."""
        return tuple(change for change in self.changes if change.mistake)

    @property
    def weight(self) -> float:
        """How much it takes to believe in the mistakes."""
        return weigh(self.mistakes)


def weigh(mistakes: Sequence[Change]) -> float:
    """How much it takes to believe in these mistakes: the fewer the better."""
    distinct = len({one.mistake + one.text for one in mistakes})
    costs = sum(BY_KEY[one.mistake].cost for one in mistakes)
    return round(distinct + AGAIN * (len(mistakes) - distinct) + costs, 3)
