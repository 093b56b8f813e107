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
class Run:
    """The sum of a graph's outputs, and on which side of each kink the graph is there."""

    output: float
    sides: tuple[bool | None, ...]

    @property
    def is_smooth(self) -> bool:
        """Whether the number is finite and no kink lies at this very point."""
        return math.isfinite(self.output) and None not in self.sides

    def is_beside(self, other: Run) -> bool:
        """Whether no kink and no edge of a domain is known to lie between the two points."""
        return math.isfinite(self.output) and self.sides == other.sides


def estimate_gradients(graph: Graph) -> dict[int, Estimate]:
    """For each leaf of a graph without updates, the derivative of the sum of its outputs by it."""
    return {
        node: differentiate(along(graph, node), float(step.number))
        for node, step in enumerate(graph.nodes)
        if isinstance(step, Leaf)
    }


def along(graph: Graph, leaf: int) -> Callable[[float], Run]:
    """The graph's forward pass as a function of one leaf's number."""
    return lambda x: _run(graph, leaf, x)


def differentiate(function: Callable[[float], Run], x: float) -> Estimate:
    """Ridders' method: central differences at shrinking steps, extrapolated to a step of 0."""
    step = _widest_step(function, x)
    if step is None:
        return Estimate(math.nan, math.nan)
    best = Estimate(math.nan, math.inf)
    row: list[float] = []
    for level in range(LEVELS):
        h = step / 2**level
        last, row = row, refine(row, (function(x + h).output - function(x - h).output) / (2 * h))
        for coarse, fine, finest in zip(last, row, row[1:], strict=False):
            error = max(abs(finest - fine), abs(finest - coarse))
            if error < best.error:
                best = Estimate(finest, error)
    return best


def refine(row: Sequence[float], slope: float) -> list[float]:
    """The next row of Richardson's table, from the row before and the slope at half its step.

    The errors of central differences are even powers of the step; each column is rid of one more.
    """
    finer = [slope]
    for order, coarse in enumerate(row, start=1):
        finer.append(finer[-1] + (finer[-1] - coarse) / (4**order - 1))
    return finer


def _widest_step(function: Callable[[float], Run], x: float) -> float | None:
    """A power of two, so that x ± it is nearly exact, on which the function is smooth."""
    here = function(x)
    if not here.is_smooth:
        return None
    step = 2.0 ** (math.frexp(max(abs(x), 0.25))[1] - 6)
    for _ in range(SHRINKS):
        runs = function(x + step), function(x - step)
        if all(run.is_beside(here) for run in runs):
            return step
        step /= 2
    return None


def _run(graph: Graph, moved: int, x: float) -> Run:
    """The graph's forward pass alone, on plain floats, with one leaf at x."""
    numbers: list[float] = []
    sides: list[bool | None] = []
    output = 0.0
    for step in graph.steps:
        if isinstance(step, Backward):
            output += numbers[step.node]
        elif isinstance(step, Apply):
            operands = _operands(step, numbers)
            if step.operation in KINKED:
                sides.append(operands[0] > 0 if operands[0] else None)
            numbers.append(PLAIN[step.operation.removesuffix("=")](*operands))
        else:
            assert isinstance(step, Leaf), "an update has no derivative"
            numbers.append(x if len(numbers) == moved else step.number)
    return Run(output, tuple(sides))


def _operands(step: Apply, numbers: Sequence[float]) -> list[float]:
    return [
        operand.number if isinstance(operand, Constant) else numbers[operand]
        for operand in step.operands
    ]
