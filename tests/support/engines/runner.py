"""Runs a graph on an engine in this process, as the driver does in the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worker.graph import FUNCTIONS, Apply, Backward, Constant, Graph, Leaf, Update
from worker.reference.engine import OPERATIONS
from worker.report.model import Quantity
from worker.sandbox.host.outcome import Observation
from worker.suites.cases import Case

Engine = Callable[[float], Any]
METHODS = frozenset(FUNCTIONS) - {"abs"}
EXPONENTIALS = ("tanh", "sigmoid")
FARTHEST = 100  # beyond it exponentials may overflow to a wrong slope, and nothing is raised


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an engine holds after a graph, node by node."""

    data: tuple[float, ...]
    grad: tuple[float, ...]


def run(engine: Engine, graph: Graph) -> Numbers:
    """Every node's number and gradient."""
    nodes: list[Any] = []
    for step in graph.steps:
        if isinstance(step, Leaf):
            nodes.append(engine(step.number))
        elif isinstance(step, Backward):
            nodes[step.node].backward()
        elif isinstance(step, Update):
            before = nodes[step.node]
            nodes.append(engine(float(before.data) - step.rate * float(before.grad)))
        else:
            operands = [
                operand.number if isinstance(operand, Constant) else nodes[operand]
                for operand in step.operands
            ]
            if step.operation in METHODS:
                nodes.append(getattr(operands[0], step.operation)())
            else:
                nodes.append(OPERATIONS[step.operation](*operands))
    return Numbers(
        tuple(float(node.data) for node in nodes), tuple(float(node.grad) for node in nodes)
    )


def runs_on(engine: Engine, graph: Graph) -> bool:
    """Whether an engine's spelling is sound at all the graph's numbers: some need x > 0."""
    try:
        data = run(engine, graph).data
    except (ValueError, OverflowError, ZeroDivisionError, TypeError):
        return False
    return all(
        abs(data[operand]) <= FARTHEST
        for step in graph.nodes
        if isinstance(step, Apply) and step.operation in EXPONENTIALS
        for operand in step.operands
        if isinstance(operand, int)
    )


def observe(engine: Engine, case: Case) -> Observation:
    """What the sandbox would have read of an engine after a case."""
    numbers = run(engine, case.question.graph)
    return Observation(
        tuple(
            (numbers.data if quantity is Quantity.DATA else numbers.grad)[node]
            for node, quantity in case.question.reads
        )
    )
