"""Two small graphs on which each part of an engine is tried, and whether a part works on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.engine.hints import Hints
from worker.driver.graph.engine import Engine, GradientSource, GraphRun, Make, StoredGradient
from worker.driver.graph.operations import apply_binary
from worker.driver.node.numbers import Node, NumberSource, reads_as


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGraph:
    """A product of leaves. `factors` are indexes of leaves, `slopes` the leaves' gradients."""

    leaves: tuple[float, ...]
    factors: tuple[int, ...]
    product: float
    slopes: tuple[float, ...]


PRODUCT = TrialGraph(  # (a * b) * c
    leaves=(3.0, 5.0, 2.0), factors=(0, 1, 2), product=30.0, slopes=(10.0, 6.0, 15.0)
)
REUSED_LEAF = TrialGraph(  # (a * b) * a
    leaves=(3.0, 5.0), factors=(0, 1, 0), product=45.0, slopes=(30.0, 9.0)
)


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes of a trial graph."""

    leaves: list[Node]
    root: Node


def make_leaves(graph: TrialGraph, make: Make) -> list[Node]:
    """The graph's leaves, FAILED for one that can't be made."""
    return [attempt(make, number) for number in graph.leaves]


def compute(graph: TrialGraph, make: Make, engine: Engine) -> Nodes | None:
    """The graph's nodes, or None if they can't be computed."""
    leaves = make_leaves(graph, make)
    root = leaves[graph.factors[0]]
    for factor in graph.factors[1:]:
        root = attempt(apply_binary, "*", root, leaves[factor], engine)
    return None if root is FAILED else Nodes(leaves, root)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backward call left in the nodes of the product, and what it returned."""

    engine: Engine
    hints: Hints
    nodes: Nodes
    result: Any


def fits_outcome(source: GradientSource, outcome: Outcome) -> bool:
    """Whether a source has the right gradients after a backward call.

    Backward doesn't run again: the source is opened on the nodes and the result that are there.
    """
    nodes, numbers = outcome.nodes, outcome.engine.numbers
    if isinstance(source, StoredGradient):  # the nodes hold it already
        return reads_as(source.read, nodes.leaves, PRODUCT.slopes, numbers)
    leaves = iter(nodes.leaves)
    run = attempt(source.open, lambda _: next(leaves), lambda _: outcome.result, numbers)
    if run is FAILED:
        return False
    return _has_slopes(PRODUCT, run, Nodes(make_leaves(PRODUCT, run.make), nodes.root), numbers)


def works(engine: Engine, graph: TrialGraph) -> bool:
    """Whether an engine computes a graph with the right gradients."""
    run = attempt(engine.open)
    if run is FAILED:
        return False
    nodes = compute(graph, run.make, engine)
    is_right = nodes is not None and _has_slopes(graph, run, nodes, engine.numbers)
    if run.close is not None:
        run.close()
    return is_right


def _has_slopes(graph: TrialGraph, run: GraphRun, nodes: Nodes, numbers: NumberSource) -> bool:
    if attempt(run.run_backward, nodes.root) is FAILED:
        return False
    return reads_as(run.read_gradient, nodes.leaves, graph.slopes, numbers)
