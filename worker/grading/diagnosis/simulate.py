"""Predicts the numbers of a graph for a model of an engine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

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

Numbers = tuple[float | None, ...]
Prediction = Numbers | str | None  # numbers, `ERROR`, or None where a model says nothing
Reads = Sequence[tuple[int, Quantity]]


def simulate(model: Model, graph: Graph, reads: Reads) -> Prediction:
    """Returns the numbers that are read, `ERROR`, or None if the model says nothing."""
    engine = Engine(model)
    nodes: list[Node] = []
    try:
        for step in graph.steps:
            if isinstance(step, Leaf):
                nodes.append(engine.leaf(step.number))
            elif isinstance(step, Apply):
                operands = [
                    one.number if isinstance(one, Constant) else nodes[one] for one in step.operands
                ]
                made = engine.apply(step.operation, *operands)
                if type(made) is not Node:
                    return ERROR
                nodes.append(made)
            elif isinstance(step, Backward):
                run_backward(engine, nodes[step.node])
            else:
                before = nodes[step.node]
                nodes.append(engine.leaf(before.data - step.rate * before.grad))
        if model.traversal == "single parent":
            pull(engine)
        numbers = tuple(
            [
                float(nodes[node].data if part is Quantity.DATA else nodes[node].grad)
                for node, part in reads
            ]
        )
    except (UnknownError, RecursionError):
        return None
    except (ArithmeticError, ValueError, TypeError):
        return ERROR
    return numbers if all(map(math.isfinite, numbers)) else ERROR


@cache
def usual_models() -> tuple[Model, ...]:
    """The right engines in the usual ways to write one."""
    return tuple(Model(recipes=tuple(sorted(recipes.items()))) for recipes in ({}, FEW, COERCED))
