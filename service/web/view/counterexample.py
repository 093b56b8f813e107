"""The counterexample of a report as a drawing."""

from __future__ import annotations

from collections.abc import Iterator

from service.web.view.drawing import Drawing, draw_graph
from service.web.view.focus import Focus
from worker.graph import Apply, Backward, Constant, Graph, Leaf, Number
from worker.report.model import (
    ABSOLUTE,
    Check,
    Counterexample,
    GraphNode,
    Quantity,
    SmallGraph,
    is_close,
)

TITLE = "A small graph that shows it"
LEAF = "leaf"


def draw_counterexample(counterexample: Counterexample, *, theirs: bool = False) -> Drawing:
    """Returns the drawing of a counterexample, with the engine's numbers where they are wrong.

    The node that it is about is marked. Many engines keep no gradients of results. Those gradients
    aren't compared then. `theirs`: the engine isn't the reader's own.
    """
    nodes = counterexample.graph.nodes
    has_gradients = _keeps_gradients(counterexample)
    checks = [
        check
        for node in nodes
        for check in _compare(node)
        if check.quantity is Quantity.DATA or has_gradients or node.operation == LEAF
    ]
    return draw_graph(
        TITLE,
        make_graph(nodes),
        checks,
        data=[node.expected.data for node in nodes],
        grad=[node.expected.grad for node in nodes],
        focus=_find_focus(counterexample.graph),
        theirs=theirs,
    )


def _find_focus(graph: SmallGraph) -> Focus | None:
    """The node that the graph is about: the shared one, or the first wrong one."""
    places = {node.name: place for place, node in enumerate(graph.nodes)}
    if graph.shared in places:
        uses = [operand for node in graph.nodes for operand in node.operands]
        return Focus(node=places[graph.shared], uses=uses.count(graph.shared))
    return Focus(node=places[graph.first]) if graph.first in places else None


def _keeps_gradients(counterexample: Counterexample) -> bool:
    """Whether the gradients of results say something: they are asserted, or leaves have none."""
    nodes = counterexample.graph.nodes
    results = {node.name: node for node in nodes if node.operation != LEAF}
    is_asserted = any(
        check.node in results and check.quantity is Quantity.GRAD for check in counterexample.checks
    )
    leaves = (node for node in nodes if node.operation == LEAF)
    is_kept = any(node.actual.grad for node in results.values())
    return is_asserted or is_kept or not any(node.actual.grad for node in leaves)


def _compare(node: GraphNode) -> Iterator[Check]:
    for quantity in Quantity:
        expected, actual = getattr(node.expected, quantity), getattr(node.actual, quantity)
        if expected is None or (quantity is Quantity.DATA and actual is None):
            continue  # a node that was replaced is not read
        passed = actual is not None and is_close(actual, expected)
        error = None if actual is None else abs(actual - expected)
        yield Check(node.name, quantity, expected, actual, error, ABSOLUTE, passed)


def make_graph(nodes: tuple[GraphNode, ...]) -> Graph:
    """Returns the nodes as the graph that they were made of."""
    places = {node.name: place for place, node in enumerate(nodes)}
    steps = tuple(
        Leaf(_shorten(node.expected.data or 0.0))
        if node.operation == LEAF
        else Apply(
            node.operation,
            tuple(
                places[operand] if operand in places else Constant(_shorten(float(operand)))
                for operand in node.operands
            ),
        )
        for node in nodes
    )
    return Graph(steps=(*steps, Backward(len(nodes) - 1)), names=places, program="")


def _shorten(number: float) -> Number:
    return int(number) if number.is_integer() else number
