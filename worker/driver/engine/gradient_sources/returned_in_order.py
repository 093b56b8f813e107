"""A list that backward returns, with the leaves' gradients in the order of their making."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from worker.driver.engine.gradient_sources.results import collect_results
from worker.driver.engine.trials import Outcome
from worker.driver.graph.engine import GraphRun, Make, Run
from worker.driver.node.numbers import Node, NumberSource


@dataclass(frozen=True, slots=True)
class GradientInOrder:
    """Counts the leaves of a graph, and takes a leaf's gradient from its position in the list."""

    shown: str = "returned (in the leaves' order)"

    def open(self, make: Make, run: Run, numbers: NumberSource) -> GraphRun:
        leaves: list[Node] = []

        def make_counted(number: Any) -> Node:
            leaves.append(leaf := make(number))
            return leaf

        def look_up(result: Any, node: Node) -> Any:
            for index, leaf in enumerate(leaves):
                if leaf is node and len(result) == len(leaves):
                    return result[index]
            raise ValueError

        return collect_results(make_counted, run, look_up, numbers)


def find(outcome: Outcome) -> Iterator[GradientInOrder]:
    """Such a list, if it has as many gradients as the graph has leaves."""
    result = outcome.result
    if isinstance(result, (list, tuple)) and len(result) == len(outcome.nodes.leaves):
        yield GradientInOrder()
