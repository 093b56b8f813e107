"""Expected numbers of a graph, and whether the graph can test an engine at all.

It can if the oracles agree on its numbers, and if every correct engine can compute them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.graph import Apply, Assertion, Backward, Constant, Graph, Leaf, Step, Update
from worker.reference.differences import estimate_gradients, is_special_at_0
from worker.reference.engine import Evaluation, evaluate
from worker.reference.floats import IN_DOUBLE, Formats
from worker.reference.rounding import examine
from worker.reference.tolerance import Bounds, bound
from worker.report.model import Quantity
from worker.report.numbers import show
from worker.suites.cases import Expectation

AGREEMENT = 1e-6  # central differences are at least this exact on every graph
SHRINKING = frozenset({"*", "/", "**"})  # whose result may be smaller than the operands
EDGE = "it sits on a kink or at the edge of what a function is defined for"
SHARP = 0.01  # of a number
LOSS = 1e-9  # the widest tolerance, relative to the number, that still shows a wrong engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle:
    """A graph with the numbers of the reference engine and their tolerances."""

    graph: Graph
    evaluation: Evaluation
    formats: Formats  # of the engines that the tolerances are for
    bounds: Bounds
    reached: frozenset[int]  # the nodes that an output depends on

    def expect(self, name: str, node: int, quantity: Quantity) -> Expectation:
        """Returns the expected number of a node."""
        is_data = quantity is Quantity.DATA
        return Expectation(
            name=name,
            node=node,
            quantity=quantity,
            expected=(self.evaluation.data if is_data else self.evaluation.grad)[node],
            tolerance=(self.bounds.data if is_data else self.bounds.grad)[node],
            optional=not is_data and node not in self.reached,
        )


def consult(graph: Graph, formats: Formats = IN_DOUBLE) -> Oracle:
    """Runs the reference engine, and the rounding analysis for engines of these formats."""
    evaluation = evaluate(graph)
    reached = set(graph.outputs)
    for node, step in reversed(list(enumerate(graph.nodes))):
        if node in reached and isinstance(step, Apply):
            reached.update(operand for operand in step.operands if isinstance(operand, int))
    return Oracle(
        graph=graph,
        evaluation=evaluation,
        formats=formats,
        bounds=bound(graph, evaluation, formats),
        reached=frozenset(reached),
    )


def find_fault(oracle: Oracle) -> str | None:
    """Returns why the graph can't test an engine; None if it can."""
    numbers = (*oracle.evaluation.data, *oracle.evaluation.grad)
    tolerances = (*oracle.bounds.data, *oracle.bounds.grad)
    for number, tolerance in zip(numbers, tolerances, strict=True):
        if math.isfinite(number) and not tolerance <= LOSS * max(1, abs(number)):
            return f"rounding leaves too little of the number {show(number)}"
    return find_hazard(oracle)


def is_sharp(oracle: Oracle) -> bool:
    """Whether every tolerance is a small part of its number, so that a wrong number stands out."""
    numbers = (*oracle.evaluation.data, *oracle.evaluation.grad)
    tolerances = (*oracle.bounds.data, *oracle.bounds.grad)
    pairs = zip(numbers, tolerances, strict=True)
    return all(tolerance <= SHARP * abs(number) for number, tolerance in pairs)


def find_hazard(oracle: Oracle) -> str | None:
    """Returns what makes some correct engines compute something else; None if nothing does."""
    numbers = (*oracle.evaluation.data, *oracle.evaluation.grad)
    if not all(abs(number) <= oracle.formats.coarsest.largest for number in numbers):
        return "a number in it is not finite"
    operations = [
        (node, step) for node, step in enumerate(oracle.graph.nodes) if isinstance(step, Apply)
    ]
    if any(underflows(oracle, node, step) for node, step in operations):
        return "a number in it is too close to 0"
    return EDGE if any(is_at_edge(oracle, node, step) for node, step in operations) else None


def underflows(oracle: Oracle, node: int, step: Apply) -> bool:
    """Whether a result is so small that it loses its digits.

    Then so does a gradient computed from the result, even if the gradient itself is not small. For
    example, some engines compute the gradient of `y = x ** n` as `y * n / x`.
    """
    if step.operation.removesuffix("=") not in SHRINKING:
        return False
    data = oracle.evaluation.data
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    return all(numbers) and abs(data[node]) < oracle.formats.coarsest.smallest


def is_at_edge(oracle: Oracle, node: int, step: Apply) -> bool:
    """Whether correct engines may fail or differ at a node, even at one that no output needs.

    They may where the slope isn't finite, and where a kink or the edge of a domain is so close that
    rounding decides the side.
    """
    data = oracle.evaluation.data
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    slopes = examine(step.operation, numbers, data[node]).slopes
    for position, (operand, slope) in enumerate(zip(step.operands, slopes, strict=True)):
        if isinstance(operand, Constant):
            continue
        is_near_0 = abs(data[operand]) <= oracle.bounds.data[operand]
        if not math.isfinite(slope.value) or (is_near_0 and is_special_at_0(step, position)):
            return True
    return False


def find_disagreement(oracle: Oracle) -> str | None:
    """Returns how central differences contradict the reference engine; None if they agree."""
    frozen = freeze(oracle.graph, oracle.evaluation.data)
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


def freeze(graph: Graph, data: Sequence[float]) -> Graph:
    """Replaces each update by a leaf with the same number, so that gradients stop there."""
    steps: list[Step] = []
    made = 0
    for step in graph.steps:
        steps.append(Leaf(data[made]) if isinstance(step, Update) else step)
        made += not isinstance(step, Backward)
    return Graph(steps=tuple(steps), names=graph.names, program=graph.program)


def contradicts(oracle: Oracle, assertion: Assertion) -> str | None:
    """Returns why an assertion of the program is false; None if it is true."""
    due = oracle.expect(assertion.name, assertion.node, assertion.quantity)
    if abs(due.expected - assertion.number) <= due.tolerance:
        return None
    return (
        f"{due.name}.{due.quantity} is asserted to be {show(assertion.number)}, "
        f"but the reference engine says {show(due.expected)}"
    )
