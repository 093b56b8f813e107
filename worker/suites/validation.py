"""Expected numbers, and whether the oracles agree on them: only then may a graph judge anybody."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from worker.graph import Apply, Assertion, Backward, Constant, Graph, Leaf, Step, Update
from worker.reference.differences import estimate_gradients, is_special_at_0
from worker.reference.engine import Evaluation, evaluate
from worker.reference.rounding import examine
from worker.reference.tolerance import Bounds, bound
from worker.report.model import Quantity, show
from worker.suites.cases import Expectation

AGREEMENT = 1e-6  # central differences are no better than this on every graph
SHRINKING = frozenset({"*", "/", "**"})  # whose result may be smaller than what it is made of
EDGE = "it sits on a kink or at the edge of what a function is defined for"
LOSS = 1e-9  # a wider tolerance, as a share of the number, would tell a wrong engine too little


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """A graph with what the reference engine says about it."""

    graph: Graph
    evaluation: Evaluation
    bounds: Bounds
    reached: frozenset[int]  # the nodes that an output depends on

    def expect(self, name: str, node: int, quantity: Quantity) -> Expectation:
        """The number that is due at a node."""
        is_data = quantity is Quantity.DATA
        return Expectation(
            name=name,
            node=node,
            quantity=quantity,
            expected=(self.evaluation.data if is_data else self.evaluation.grad)[node],
            tolerance=(self.bounds.data if is_data else self.bounds.grad)[node],
            optional=not is_data and node not in self.reached,
        )


def consult(graph: Graph) -> Oracle:
    """Ask the reference engine, and the rounding analysis about it."""
    evaluation = evaluate(graph)
    return Oracle(
        graph=graph,
        evaluation=evaluation,
        bounds=bound(graph, evaluation),
        reached=_find_reached(graph),
    )


def find_fault(oracle: Oracle) -> str | None:
    """Why the graph cannot be used to judge an engine, or None where it can."""
    if not oracle.graph.outputs:
        return "the program never calls backward"
    numbers = (*oracle.evaluation.data, *oracle.evaluation.grad)
    if not all(map(math.isfinite, numbers)):
        return "a number in it is not finite"
    tolerances = (*oracle.bounds.data, *oracle.bounds.grad)
    for number, tolerance in zip(numbers, tolerances, strict=True):
        if not tolerance <= LOSS * max(1, abs(number)):
            return f"rounding leaves too little of the number {show(number)}"
    nodes = range(len(oracle.graph.nodes))
    if any(_underflows(oracle, node) for node in nodes):
        return "a number in it is too small to be told from 0"
    return EDGE if any(_is_at_edge(oracle, node) for node in nodes) else None


def _underflows(oracle: Oracle, node: int) -> bool:
    """Whether a result is lost to underflow: then so is a slope that is made of it, as `y * n / x`
    is of `y = x ** n`, though the slope itself is no such number."""
    step, data = oracle.graph.nodes[node], oracle.evaluation.data
    if not isinstance(step, Apply) or step.operation.removesuffix("=") not in SHRINKING:
        return False
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    return all(numbers) and abs(data[node]) < sys.float_info.min


def _is_at_edge(oracle: Oracle, node: int) -> bool:
    """Whether some engine may fail at a node or go another way, even one that no output needs.

    It may where a slope is not finite, and nearer to a kink or an edge than rounding can tell.
    """
    step, data = oracle.graph.nodes[node], oracle.evaluation.data
    if not isinstance(step, Apply):
        return False
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    slopes = examine(step.operation, numbers, data[node]).slopes
    for place, (operand, slope) in enumerate(zip(step.operands, slopes, strict=True)):
        if isinstance(operand, Constant):
            continue
        is_near_0 = abs(data[operand]) <= oracle.bounds.data[operand]
        if not math.isfinite(slope.value) or (is_near_0 and is_special_at_0(step, place)):
            return True
    return False


def find_disagreement(oracle: Oracle) -> str | None:
    """How central differences contradict the reference engine, or None where they confirm it."""
    frozen = _freeze(oracle.graph, oracle.evaluation.data)
    for node, estimate in estimate_gradients(frozen).items():
        if math.isnan(estimate.derivative):
            return EDGE
        grad = oracle.evaluation.grad[node]
        if not abs(grad - estimate.derivative) <= AGREEMENT * max(1, abs(grad)):
            return (
                f"the oracles disagree on a gradient: the engine says {show(grad)}, "
                f"central differences {show(estimate.derivative)}"
            )
    return None


def _freeze(graph: Graph, data: Sequence[float]) -> Graph:
    """The graph with a leaf of its number in place of each update: gradients stop there."""
    steps: list[Step] = []
    made = 0
    for step in graph.steps:
        steps.append(Leaf(data[made]) if isinstance(step, Update) else step)
        made += not isinstance(step, Backward)
    return Graph(steps=tuple(steps), names=graph.names, program=graph.program)


def contradicts(oracle: Oracle, assertion: Assertion) -> str | None:
    """Why an assertion of the program does not hold, or None where it does."""
    due = oracle.expect(assertion.name, assertion.node, assertion.quantity)
    if abs(due.expected - assertion.number) <= due.tolerance:
        return None
    return (
        f"{due.name}.{due.quantity} is asserted to be {show(assertion.number)}, "
        f"but the reference engine says {show(due.expected)}"
    )


def _find_reached(graph: Graph) -> frozenset[int]:
    nodes = graph.nodes
    reached = set(graph.outputs)
    for node in reversed(range(len(nodes))):
        step = nodes[node]
        if node in reached and isinstance(step, Apply):
            reached.update(operand for operand in step.operands if isinstance(operand, int))
    return frozenset(reached)
