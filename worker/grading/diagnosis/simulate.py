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
from worker.grading.diagnosis.prepared import Operation, Prepared
from worker.grading.diagnosis.shares import UnknownError
from worker.grading.diagnosis.traversal import run_backward
from worker.grading.diagnosis.traversal.parts import pull
from worker.graph import Backward, Leaf, Update

ERROR = "error"
FAILURES = (ArithmeticError, ValueError, TypeError)

Numbers = tuple[float | None, ...]
Prediction = Numbers | str | None  # numbers, `ERROR`, or None where a model says nothing


def simulate(model: Model, prepared: Prepared) -> Prediction:
    """Returns the numbers that are read, `ERROR`, or None if the model says nothing."""
    return simulate_next(Engine(model, prepared.sorted), prepared)


def simulate_next(engine: Engine, prepared: Prepared) -> Prediction:
    """Returns what an engine gives for a graph after all graphs before. See `simulate`."""
    engine.steps = 0
    try:
        nodes = _run(engine, prepared)
        numbers = tuple(
            [
                float(nodes[node].grad if is_grad else nodes[node].data)
                for node, is_grad in prepared.wanted
            ]
        )
    except (UnknownError, RecursionError):
        return None
    except FAILURES:
        return ERROR
    return numbers if all(map(math.isfinite, numbers)) else ERROR


def find_uses(model: Model, prepared: Prepared) -> Mapping[str, Sequence[Use]]:
    """Returns the uses of each form in a graph, in order; none if a model can't compute it."""
    engine = Engine(model)
    try:
        _run(engine, prepared)
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


def _run(engine: Engine, prepared: Prepared) -> list[Node]:
    nodes: list[Node] = []
    for step in prepared.steps:
        if type(step) is Operation:
            operation, form, first, second, number = step
            left = number if first is None else nodes[first]
            right = number if second is None else nodes[second] if second >= 0 else None
            made = engine.make(operation, form, left, right)
            if type(made) is not Node:
                raise TypeError("a number in place of a node")
            nodes.append(made)
        elif type(step) is Leaf:
            nodes.append(engine.leaf(step.number))
        elif type(step) is Backward:
            run_backward(engine, nodes[step.node])
        else:
            assert isinstance(step, Update)
            before = nodes[step.node]
            nodes.append(engine.leaf(before.data - step.rate * before.grad))
    if engine.model.traversal == "single parent":
        pull(engine)
    return nodes


@cache
def usual_models() -> tuple[Model, ...]:
    """The right engines in the usual ways to write one."""
    return tuple(Model(recipes=tuple(sorted(recipes.items()))) for recipes in ({}, FEW, COERCED))
