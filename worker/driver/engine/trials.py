"""Small graphs on which each part of an engine is tried, and whether a part works on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worker.driver.base.attempts import FAILED, attempt
from worker.driver.base.errors import OvertimeError
from worker.driver.engine.hints import Hints
from worker.driver.file.work_budget import Guard
from worker.driver.graph.engine import Engine, GradientSource, GraphRun, Make, StoredGradient
from worker.driver.graph.operations import apply_binary
from worker.driver.node.numbers import Node, NumberSource, reads_as

# For one call. A backward on these graphs takes some 100 calls and turns of loops.
TRIAL_BUDGET, TRIAL_TICKS = 10_000, 1
ENDLESS = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialGraph:
    """A sum or product of leaves. `parts` are indexes of leaves, `slopes` the leaves' gradients."""

    leaves: tuple[float, ...]
    operation: str
    parts: tuple[int, ...]
    result: float
    slopes: tuple[float, ...]


PRODUCT = TrialGraph(  # (a * b) * c
    leaves=(3.0, 5.0, 2.0), operation="*", parts=(0, 1, 2), result=30.0, slopes=(10.0, 6.0, 15.0)
)
REUSED_LEAF = TrialGraph(  # (a * b) * a
    leaves=(3.0, 5.0), operation="*", parts=(0, 1, 0), result=45.0, slopes=(30.0, 9.0)
)
# For engines that are wrong on the product: a wrong pass may be right in one step, and one that has
# a wrong multiplication may add.
FACTORS = TrialGraph(  # a * b
    leaves=(3.0, 5.0), operation="*", parts=(0, 1), result=15.0, slopes=(5.0, 3.0)
)
SUM = TrialGraph(  # a + b
    leaves=(3.0, 5.0), operation="+", parts=(0, 1), result=8.0, slopes=(1.0, 1.0)
)
TRIAL_GRAPHS = (PRODUCT, FACTORS, SUM)


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
    root = leaves[graph.parts[0]]
    for part in graph.parts[1:]:
        root = run_trial(apply_binary, graph.operation, root, leaves[part], engine)
        if has_failed(root):
            return None
    return Nodes(leaves, root)


def run_trial(function: Callable[..., Any], *arguments: Any) -> Any:
    """The result of a call that may be the wrong one. FAILED if it raises, ENDLESS if it loops."""
    try:
        return Guard(TRIAL_BUDGET, TRIAL_TICKS).call(attempt, function, *arguments)
    except OvertimeError:
        return ENDLESS


def has_failed(result: Any) -> bool:
    """Whether a trial has no result."""
    return result is FAILED or result is ENDLESS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a backward call left in the nodes of a graph, and what it returned."""

    engine: Engine
    hints: Hints
    graph: TrialGraph
    nodes: Nodes
    result: Any


def fits_outcome(source: GradientSource, outcome: Outcome) -> bool:
    """Whether a source has the right gradients after a backward call.

    Backward doesn't run again: the source is opened on the nodes and the result that are there.
    """
    graph, nodes, numbers = outcome.graph, outcome.nodes, outcome.engine.numbers
    if isinstance(source, StoredGradient):  # the nodes hold it already
        return reads_as(source.read, nodes.leaves, graph.slopes, numbers)
    leaves = iter(nodes.leaves)
    run = attempt(source.open, lambda _: next(leaves), lambda _: outcome.result, numbers)
    if run is FAILED:
        return False
    return _has_slopes(graph, run, Nodes(make_leaves(graph, run.make), nodes.root), numbers)


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
    if has_failed(run_trial(run.run_backward, nodes.root)):
        return False
    return reads_as(run.read_gradient, nodes.leaves, graph.slopes, numbers)
