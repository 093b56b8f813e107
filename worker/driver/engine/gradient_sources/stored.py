"""What each node holds: an attribute, a key or a method without arguments: x.grad, x.get_grad()."""

from __future__ import annotations

from collections.abc import Iterator

from worker.driver.engine.trials import Outcome
from worker.driver.graph.engine import StoredGradient
from worker.driver.node.positions import positions


def find(outcome: Outcome) -> Iterator[StoredGradient]:
    """Each position in a leaf but that of its number, the usual names first."""
    number = outcome.engine.numbers.shown
    for shown, read in positions(outcome.nodes.leaves[0], outcome.hints.grad_names):
        if shown != number:
            yield StoredGradient(shown, read)
