"""Derivatives by central differences: an oracle that knows no derivative rule."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.graph import Apply, Backward, Constant, Graph, Leaf
from worker.reference import floats
from worker.reference.floats import ROUNDOFF

LEVELS = 4  # steps that one estimate is made of, each half of the one before
HALVINGS = 24  # of the widest step, from a quarter of the number on
READING = 8  # roundings in an output, at least
CAUTION = 4  # times what is known to be left of an error

# What each step's slope weighs in the extrapolated one, from the widest to the narrowest.
WEIGHTS = tuple(
    math.prod(
        4.0**-other / (4.0**-other - 4.0**-level) for other in range(LEVELS) if other != level
    )
    for level in range(LEVELS)
)

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
SPECIAL_AT_0 = ("log", "sqrt", *KINKED)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A derivative and how far off it may be. Both are nan where differences tell nothing."""

    derivative: float
    error: float


@dataclass(frozen=True, slots=True)
class Window:
    """The widest of some steps in a row, and what they tell together."""

    widest: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Run:
    """The sum of a graph's outputs, and on which side of each kink or edge the graph is there."""

    output: float
    sides: tuple[bool | None, ...]

    @property
    def is_smooth(self) -> bool:
        """Whether the number is finite and no kink lies at this very point."""
        return math.isfinite(self.output) and None not in self.sides

    def is_beside(self, other: Run) -> bool:
        """Whether no kink and no edge of a domain is known to lie between the two points."""
        return math.isfinite(self.output) and self.sides == other.sides


Function = Callable[[float], Run]


def estimate_gradients(graph: Graph) -> dict[int, Estimate]:
    """For each leaf of a graph without updates, the derivative of the sum of its outputs by it."""
    return {
        node: differentiate(along(graph, node), float(step.number))
        for node, step in enumerate(graph.nodes)
        if isinstance(step, Leaf)
    }


def along(graph: Graph, leaf: int) -> Function:
    """The graph's forward pass as a function of one leaf's number."""
    return lambda x: _run(graph, leaf, x)


def differentiate(function: Function, x: float) -> Estimate:
    """The best of the estimates that all narrower steps confirm."""
    told = [window.estimate for window in find_windows(function, x)]
    confirmed = [
        wide
        for index, wide in enumerate(told[:-1])
        if all(_agree(wide, narrow) for narrow in told[index + 1 :])
    ]
    nothing = Estimate(math.nan, math.nan)
    return min(confirmed, key=lambda estimate: estimate.error, default=nothing)


def find_windows(function: Function, x: float, noise: float = 0.0) -> list[Window]:
    """The steps in a row on which a function is smooth, from wide to narrow.

    `noise` is how far the function's numbers are known to be off. Ends where narrower steps can
    tell no better.
    """
    here = function(x)
    windows: list[Window] = []
    rungs: list[tuple[float, float]] = []  # slopes and their noises
    widest = 2.0 ** (math.frexp(max(abs(x), 0.25))[1] - 2)
    for h in (widest / 2**halving for halving in range(HALVINGS)):
        above, below = function(x + h), function(x - h)
        if not (here.is_smooth and above.is_beside(here) and below.is_beside(here)):
            rungs.clear()
            windows.clear()  # wider steps reach across a kink
        elif not _is_centred(x, h):
            rungs.clear()
        else:
            reading = READING * ROUNDOFF * (abs(above.output) + abs(below.output)) / 2
            rungs.append(((above.output - below.output) / (2 * h), (noise + reading) / h))
        if len(rungs) >= LEVELS:
            slopes, noises = zip(*rungs[-LEVELS:], strict=True)
            windows.append(Window(h * 2 ** (LEVELS - 1), extrapolate(slopes, noises)))
            if CAUTION * noises[-1] > min(
                window.estimate.error for window in windows[:-1] or windows
            ):
                break
    return windows


def extrapolate(slopes: Sequence[float], noises: Sequence[float]) -> Estimate:
    """Richardson's: the slope at a step of 0, from those at steps each half of the one before.

    The error has room for what is left of the extrapolation and for the noise of the slopes.
    """
    row: list[float] = []
    for slope in slopes:
        last, row = row, _refine(row, slope)
    spread = max(abs(row[-1] - row[-2]), abs(row[-1] - last[-1]))
    noise = sum(abs(weight) * one for weight, one in zip(WEIGHTS, noises, strict=True))
    error = CAUTION * (spread + noise)
    return Estimate(row[-1], error) if math.isfinite(error) else Estimate(math.nan, math.nan)


def _refine(row: Sequence[float], slope: float) -> list[float]:
    """The next row of Richardson's table, from the row before and the slope at half its step.

    The errors of central differences are even powers of the step; each column is rid of one more.
    """
    finer = [slope]
    for order, coarse in enumerate(row, start=1):
        finer.append(finer[-1] + (finer[-1] - coarse) / (4**order - 1))
    return finer


def _agree(one: Estimate, other: Estimate) -> bool:
    return abs(one.derivative - other.derivative) <= one.error + other.error


def _is_centred(x: float, h: float) -> bool:
    """Whether rounding leaves x in the middle of x - h and x + h, as near as it is to matter."""
    return abs(x) <= h or (x + h) - x == h == x - (x - h)


def is_special_at_0(step: Apply, place: int) -> bool:
    """Whether 0 is a kink, or an edge of the domain, of an operation by the operand at a place."""
    operation = step.operation.removesuffix("=")
    if operation == "**" and place == 0:
        exponent = step.operands[1]
        return isinstance(exponent, int) or exponent.number < 1 or exponent.number % 1 != 0
    return operation in SPECIAL_AT_0 or (operation == "/" and place == 1)


def _run(graph: Graph, moved: int, x: float) -> Run:
    """The graph's forward pass alone, on plain floats, with one leaf at x."""
    numbers: list[float] = []
    sides: list[bool | None] = []
    output = 0.0
    for step in graph.steps:
        if isinstance(step, Backward):
            output += numbers[step.node]
        elif isinstance(step, Apply):
            operands = [
                one.number if isinstance(one, Constant) else numbers[one] for one in step.operands
            ]
            sides += [
                number > 0 if number else None
                for place, number in enumerate(operands)
                if is_special_at_0(step, place)
            ]
            numbers.append(PLAIN[step.operation.removesuffix("=")](*operands))
        else:
            assert isinstance(step, Leaf), "an update has no derivative"
            numbers.append(x if len(numbers) == moved else step.number)
    return Run(output, tuple(sides))
