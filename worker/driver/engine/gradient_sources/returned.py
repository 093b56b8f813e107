"""What backward returns, by node, by its id or name, or by a method: L.backward()[x]."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from worker.driver.engine.gradient_sources.results import Find, collect_results
from worker.driver.engine.trials import Outcome
from worker.driver.graph.engine import GraphRun, Make, Run
from worker.driver.node.numbers import NumberSource
from worker.driver.node.positions import methods_of
from worker.driver.ordering.ids import id_of

LABELS = ("name", "label", "id", "key")


@dataclass(frozen=True, slots=True)
class ReturnedGradient:
    """What `look_up` finds in a result for a node."""

    shown: str
    look_up: Find

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        return collect_results(make, run, self.look_up, numbers)


def find(outcome: Outcome) -> Iterator[ReturnedGradient]:
    """Each way to look up a node. Only a dictionary has nothing more to say about it."""
    by = "by" if isinstance(outcome.result, dict) else "item by"
    yield ReturnedGradient(f"returned ({by} node)", lambda result, node: result[node])
    yield ReturnedGradient(f"returned ({by} id)", lambda result, node: result[id_of(node)])
    for label in LABELS:
        if hasattr(outcome.nodes.leaves[0], label):
            yield _by_label(label, by)
    for name, signature in methods_of(type(outcome.result)):
        if len(signature.required) == 1:
            yield _by_method(name)


def _by_label(label: str, by: str) -> ReturnedGradient:
    shown = ".id" if label == "id" else label  # not Python's `id`
    return ReturnedGradient(
        f"returned ({by} {shown})", lambda result, node: result[getattr(node, label)]
    )


def _by_method(name: str) -> ReturnedGradient:
    return ReturnedGradient(
        f"returned (by {name}(node))", lambda result, node: getattr(result, name)(node)
    )
