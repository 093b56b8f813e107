"""An attribute, a property, a key or a position of each node: x.grad, x["grad"], x[1]."""

from __future__ import annotations

from collections.abc import Iterator

from worker.driver.engine.trials import Outcome
from worker.driver.graph.engine import StoredGradient
from worker.driver.node.positions import positions


def find(outcome: Outcome) -> Iterator[StoredGradient]:
    """Each one but that of the number, the usual names first."""
    for shown, read in positions(outcome.nodes.leaves[0], outcome.hints.grad_names):
        if shown != outcome.engine.numbers.shown and not shown.endswith("()"):
            yield StoredGradient(shown, read)
