"""How far a correct engine may be from the reference: first-order rounding-error bounds.

Each node's tolerance follows from the unit roundoff, the constants of `worker.reference.rounding`
and the graph. `docs/judging.md` derives it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from worker.graph import Apply, Backward, Constant, Graph, Update
from worker.reference.engine import Evaluation
from worker.reference.floats import IN_DOUBLE, Format, Formats
from worker.reference.rounding import examine

SAFETY = 4  # a factor 2 as both engines have errors, and 2 for second-order terms
EDGE = 2  # roundings of a gradient on an edge: a product, and a sum in forward mode
MAX_PATHS = 2**20  # engines that follow each path by itself take seconds for more


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The absolute tolerances of each node's number and gradient, in the order of the nodes."""

    data: tuple[float, ...]
    grad: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Edge:
    """An edge from a node to an operand: its slope, the slope's error, and its parts.

    See `weight` and `parts` in `worker.reference.rounding.Slope`.
    """

    operand: int
    slope: float
    error: float
    weight: float
    parts: int


def bound(graph: Graph, evaluation: Evaluation, formats: Formats = IN_DOUBLE) -> Bounds:
    """Returns the tolerances within which every correct engine agrees with the evaluation.

    `formats` are those in which the engine keeps its numbers, plain ones included.
    """
    errors: list[float] = []
    wrongs: list[float] = []  # errors of gradients
    held: list[float] = []  # masses of gradients, from earlier backwards
    edges: list[tuple[_Edge, ...]] = []
    for step in graph.steps:
        if isinstance(step, Backward):
            flow_back(step.node, edges, wrongs, held, formats.gradients)
            continue
        inward: tuple[_Edge, ...] = ()
        result = evaluation.data[len(errors)]
        if isinstance(step, Apply):
            error, inward = follow(step, evaluation.data, errors, result, formats)
        elif isinstance(step, Update):
            move = abs(evaluation.data[step.node] - result)
            error = errors[step.node] + abs(step.rate) * wrongs[step.node]
            updated = formats.coarsest  # from a number and a gradient
            error += updated.roundoff * (2 * move + abs(result)) + updated.smallest
        else:
            error = round_off(result, formats.leaves)
        errors.append(error)
        wrongs.append(0.0)
        held.append(0.0)
        edges.append(inward)
    return Bounds(
        data=tuple(SAFETY * error for error in errors),
        grad=tuple(SAFETY * error for error in wrongs),
    )


def follow(
    step: Apply, data: Sequence[float], errors: Sequence[float], result: float, formats: Formats
) -> tuple[float, tuple[_Edge, ...]]:
    """Returns the error of an operation's result, and its edges to the operands."""
    wrongs = [
        round_off(float(one.number), formats.leaves) if isinstance(one, Constant) else errors[one]
        for one in step.operands
    ]
    numbers = [one.number if isinstance(one, Constant) else data[one] for one in step.operands]
    # Slopes are taken at the far end of each number's error: that of (a - b) ** 2 vanishes at 0.
    widest = [
        number + math.copysign(wrong, number) for number, wrong in zip(numbers, wrongs, strict=True)
    ]
    local = examine(step.operation, widest, result)
    roundoff = formats.results.roundoff
    error = roundoff * local.rounding + formats.results.smallest
    edges = []
    for operand, slope, wrong in zip(step.operands, local.slopes, wrongs, strict=True):
        error += scale(slope.value, wrong)
        if not isinstance(operand, Constant):
            bent = sum(map(scale, slope.bends, wrongs), roundoff * slope.rounding)
            size = abs(slope.value) + bent  # a slope of 0 may be larger nearby
            edges.append(_Edge(operand, size, bent, max(size, slope.weight), slope.parts))
    return error, tuple(edges)


def flow_back(
    output: int,
    edges: Sequence[Sequence[_Edge]],
    wrongs: list[float],
    held: list[float],
    precision: Format,
) -> None:
    """Adds the errors of the gradients of one backward to `wrongs`.

    Along with the errors we propagate *masses*: the gradients if nothing cancelled. A rounding
    error is proportional to the terms of a sum, not to their total, and each path to a node may be
    a term. Gradients of earlier backwards, `held`, are in every sum.
    """
    errors, masses, paths, parts = ([0.0] * (output + 1) for _ in range(4))
    masses[output] = paths[output] = 1.0
    for node in range(output, -1, -1):
        if not paths[node]:
            continue
        paths[node] = min(paths[node], MAX_PATHS)
        held[node] += masses[node]
        errors[node] += (
            precision.roundoff * (paths[node] + parts[node]) * held[node] + precision.smallest
        )
        wrongs[node] += errors[node]
        for edge in edges[node]:
            wrong = edge.error + EDGE * precision.roundoff * edge.slope
            errors[edge.operand] += scale(edge.slope, errors[node]) + scale(wrong, masses[node])
            masses[edge.operand] += scale(edge.weight, masses[node])
            paths[edge.operand] += paths[node]
            parts[edge.operand] += edge.parts - 1


def round_off(number: float, precision: Format) -> float:
    """Returns the error of a literal in this format: 0 for double, which it's written in."""
    return abs(precision.nearest(number) - number)


def scale(factor: float, error: float) -> float:
    """Returns the size of factor * error. An error of 0 stays 0 even for an infinite factor."""
    return abs(factor) * error if factor and error else 0.0
