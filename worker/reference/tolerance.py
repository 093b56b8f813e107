"""How far a correct float64 engine may be from the reference: first-order rounding-error bounds.

No tolerance is picked. Each node's follows from the unit roundoff, the constants of
`worker.reference.rounding`, and the graph itself; `docs/judging.md` derives it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.graph import Apply, Backward, Constant, Graph, Update
from worker.reference.engine import Evaluation
from worker.reference.floats import ROUNDOFF
from worker.reference.rounding import examine

TINY = 2.0**-1022  # what an operation may lose to underflow
SAFETY = 4  # student and reference are each off by a bound; the other half is for second order
EDGE = 2  # roundings of a gradient on its way over an edge: a product, and a sum if forwards
MAX_PATHS = 2**20  # an engine that walks path by path takes seconds for so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Tolerances per node, in the order of making: absolute, for its number and its gradient."""

    data: tuple[float, ...]
    grad: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """From a node back to an operand: the size of the slope, how wrong it may be, and the size and
    the number of the parts that it may come in.
    """

    operand: int
    slope: float
    error: float
    weight: float
    parts: int


def bound(graph: Graph, evaluation: Evaluation) -> Bounds:
    """The tolerances within which every correct engine agrees with the evaluation."""
    errors: list[float] = []
    wrongs: list[float] = []  # of gradients
    held: list[float] = []  # masses of gradients, from the backwards before
    edges: list[tuple[_Edge, ...]] = []
    for step in graph.steps:
        if isinstance(step, Backward):
            _flow_back(step.node, edges, wrongs, held)
            continue
        error = 0.0  # a literal is the same float in every engine
        inward: tuple[_Edge, ...] = ()
        result = evaluation.data[len(errors)]
        if isinstance(step, Apply):
            error, inward = _follow(step, evaluation.data, errors, result)
        elif isinstance(step, Update):
            move = abs(evaluation.data[step.node] - result)
            error = errors[step.node] + abs(step.rate) * wrongs[step.node]
            error += ROUNDOFF * (2 * move + abs(result)) + TINY
        errors.append(error)
        wrongs.append(0.0)
        held.append(0.0)
        edges.append(inward)
    return Bounds(
        data=tuple(SAFETY * error for error in errors),
        grad=tuple(SAFETY * error for error in wrongs),
    )


def _follow(
    step: Apply, data: Sequence[float], errors: Sequence[float], result: float
) -> tuple[float, tuple[_Edge, ...]]:
    """The error of an operation's result, and its edges back to the operands."""
    wrongs = [0.0 if isinstance(one, Constant) else errors[one] for one in step.operands]
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    local = examine(step.operation, list(map(_widen, numbers, wrongs)), result)
    error = ROUNDOFF * local.rounding + TINY
    edges = []
    for operand, slope, wrong in zip(step.operands, local.slopes, wrongs, strict=True):
        error += _times(slope.value, wrong)
        if not isinstance(operand, Constant):
            bent = sum(map(_times, slope.bends, wrongs), ROUNDOFF * slope.rounding)
            size = abs(slope.value) + bent  # 0 is not 0 nearby: a flat tanh before another one
            edges.append(_Edge(operand, size, bent, max(size, slope.weight), slope.parts))
    return error, tuple(edges)


def _flow_back(
    output: int, edges: Sequence[Sequence[_Edge]], wrongs: list[float], held: list[float]
) -> None:
    """Add, to each node's, the error of the gradient that one output's backward gives it.

    Beside the errors flow *masses*: gradients as they would be if nothing cancelled. A rounding
    is in proportion to what is summed, not to what is left of it; and each path to a node may be
    a summand of its own. What the backwards before have left there, `held`, is in every sum.
    """
    errors, masses, paths, parts = ([0.0] * (output + 1) for _ in range(4))
    masses[output] = paths[output] = 1.0
    for node in range(output, -1, -1):
        if not paths[node]:
            continue
        paths[node] = min(paths[node], MAX_PATHS)
        held[node] += masses[node]
        errors[node] += ROUNDOFF * (paths[node] + parts[node]) * held[node] + TINY
        wrongs[node] += errors[node]
        for edge in edges[node]:
            wrong = edge.error + EDGE * ROUNDOFF * edge.slope
            errors[edge.operand] += _times(edge.slope, errors[node]) + _times(wrong, masses[node])
            masses[edge.operand] += _times(edge.weight, masses[node])
            paths[edge.operand] += paths[node]
            parts[edge.operand] += edge.parts - 1


def _widen(number: float, wrong: float) -> float:
    """The far end of what a number may be, where slopes that vanish at it do not: (a - b) ** 2."""
    return number + math.copysign(wrong, number)


def _times(factor: float, error: float) -> float:
    """The size of a product; an error of 0 stays 0 however steep the slope."""
    return abs(factor) * error if factor and error else 0.0
