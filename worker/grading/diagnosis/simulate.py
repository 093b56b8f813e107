"""Predicts the numbers of a graph for a model of an engine."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

from worker.grading.diagnosis.effects import Use
from worker.grading.diagnosis.engine import Engine
from worker.grading.diagnosis.forms import COERCED, FEW
from worker.grading.diagnosis.model import Model
from worker.grading.diagnosis.node import Node
from worker.grading.diagnosis.shares import UnknownError
from worker.grading.diagnosis.traversal import run_backward
from worker.grading.diagnosis.traversal.parts import pull
from worker.graph import Apply, Backward, Constant, Graph, Leaf
from worker.report.model import Quantity

ERROR = "error"
FAILURES = (ArithmeticError, ValueError, TypeError)

Numbers = tuple[float | None, ...]
Prediction = Numbers | str | None  # numbers, `ERROR`, or None where a model says nothing
Reads = Sequence[tuple[int, Quantity]]


def simulate(model: Model, graph: Graph, reads: Reads) -> Prediction:
    """Returns the numbers that are read, `ERROR`, or None if the model says nothing."""
    return simulate_next(Engine(model), graph, reads)


def simulate_next(engine: Engine, graph: Graph, reads: Reads) -> Prediction:
    """Returns what an engine gives for a graph after all graphs before. See `simulate`."""
    engine.steps = 0
    try:
        nodes = _run(engine, graph)
        numbers = tuple(
            [
                float(nodes[node].data if part is Quantity.DATA else nodes[node].grad)
                for node, part in reads
            ]
        )
    except (UnknownError, RecursionError):
        return None
    except FAILURES:
        return ERROR
    return numbers if all(map(math.isfinite, numbers)) else ERROR


def find_uses(model: Model, graph: Graph) -> Mapping[str, Sequence[Use]]:
    """Returns the uses of each form in a graph, in order; none if a model can't compute it."""
    engine = Engine(model)
    try:
        _run(engine, graph)
    except (UnknownError, RecursionError, *FAILURES):
        return {}
    forms = {id(rule): form for form, rule in engine.compiled.items()}
    uses: dict[str, list[Use]] = {}
    for node in engine.nodes:
        if node.rule is not None:
            first, last = node.operands[0], node.operands[-1]
            use = first is last, (first.data, last.data, node.numbers)
            uses.setdefault(forms[id(node.rule)], []).append(use)
    return uses


def _run(engine: Engine, graph: Graph) -> list[Node]:
    nodes: list[Node] = []
    for step in graph.steps:
        if isinstance(step, Leaf):
            nodes.append(engine.leaf(step.number))
        elif isinstance(step, Apply):
            operands = [
                one.number if isinstance(one, Constant) else nodes[one] for one in step.operands
            ]
            made = engine.apply(step.operation, *operands)
            if type(made) is not Node:
                raise TypeError("a number in place of a node")
            nodes.append(made)
        elif isinstance(step, Backward):
            run_backward(engine, nodes[step.node])
        else:
            before = nodes[step.node]
            nodes.append(engine.leaf(before.data - step.rate * before.grad))
    if engine.model.traversal == "single parent":
        pull(engine)
    return nodes


@cache
def usual_models() -> tuple[Model, ...]:
    """The right engines in the usual ways to write one."""
    return tuple(Model(recipes=tuple(sorted(recipes.items()))) for recipes in ({}, FEW, COERCED))
