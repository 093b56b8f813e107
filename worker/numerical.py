"""Derivatives by central differences: an oracle that knows no derivative rule."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker import floats
from worker.graph import Apply, Backward, Constant, Graph, Leaf

LEVELS = 8  # step sizes tried, each half of the one before
SHRINKS = 12  # halvings to get the widest step off kinks and into the domain

PLAIN: Mapping[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": floats.divide,
    "**": floats.power,
    "neg": operator.neg,
    "abs": operator.abs,
    "tanh": math.tanh,
    "exp": floats.exp,
    "log": floats.log,
    "relu": floats.relu,
    "sigmoid": floats.sigmoid,
    "sin": floats.sin,
    "cos": floats.cos,
    "sqrt": floats.sqrt,
}
KINKED = ("relu", "abs")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative and how far off it may be. Both are nan at a kink or an edge of the domain."""

    derivative: float
    error: float


@dataclass(frozen=True, slots=True)
class _Run:
    """The sum of a graph's outputs, and on which side of each kink the graph is there."""

    output: float
    sides: tuple[bool | None, ...]


def estimate_gradients(graph: Graph) -> dict[int, Estimate]:
    """For each leaf of a graph without updates, the derivative of the sum of its outputs by it."""
    point = [step.number for step in graph.nodes if isinstance(step, Leaf)]
    leaves = [node for node, step in enumerate(graph.nodes) if isinstance(step, Leaf)]

    def along(index: int) -> Callable[[float], _Run]:
        return lambda x: _run(graph, [*point[:index], x, *point[index + 1 :]])

    return {
        node: differentiate(along(index), float(point[index])) for index, node in enumerate(leaves)
    }


def differentiate(function: Callable[[float], _Run], x: float) -> Estimate:
    """Ridders' method: central differences at shrinking steps, extrapolated to a step of 0."""
    step = _widest_step(function, x)
    if step is None:
        return Estimate(math.nan, math.nan)
    best = Estimate(math.nan, math.inf)
    row: list[float] = []
    for level in range(LEVELS):
        h = step / 2**level
        last, row = row, [(function(x + h).output - function(x - h).output) / (2 * h)]
        for order, coarse in enumerate(last, start=1):
            fine = row[-1]
            row.append(fine + (fine - coarse) / (4**order - 1))
            error = max(abs(row[-1] - fine), abs(row[-1] - coarse))
            if error < best.error:
                best = Estimate(row[-1], error)
    return best


def _widest_step(function: Callable[[float], _Run], x: float) -> float | None:
    """A power of two, so that x ± it is nearly exact, on which the function is smooth."""
    here = function(x)
    if not math.isfinite(here.output) or None in here.sides:
        return None
    step = 2.0 ** (math.frexp(max(abs(x), 0.25))[1] - 6)
    for _ in range(SHRINKS):
        runs = function(x + step), function(x - step)
        if all(run.sides == here.sides and math.isfinite(run.output) for run in runs):
            return step
        step /= 2
    return None


def _run(graph: Graph, point: Sequence[float]) -> _Run:
    """The graph's forward pass alone, on plain floats."""
    leaves = iter(point)
    numbers: list[float] = []
    sides: list[bool | None] = []
    output = 0.0
    for step in graph.steps:
        if isinstance(step, Apply):
            operands = _operands(step, numbers)
            if step.operation in KINKED:
                sides.append(operands[0] > 0 if operands[0] else None)
            numbers.append(PLAIN[step.operation.removesuffix("=")](*operands))
        elif isinstance(step, Backward):
            output += numbers[step.node]
        else:
            numbers.append(next(leaves))
    return _Run(output, tuple(sides))


def _operands(step: Apply, numbers: Sequence[float]) -> list[float]:
    return [
        operand.number if isinstance(operand, Constant) else numbers[operand]
        for operand in step.operands
    ]
