"""Derivatives by central differences: an oracle that uses no derivative rule."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from worker.graph import Apply, Backward, Constant, Graph, Leaf
from worker.reference import floats
from worker.reference.floats import ROUNDOFF

LEVELS = 4  # steps in one estimate, each half of the one before
HALVINGS = 24  # of the widest step, which is about a quarter of the number
READING = 8  # the fewest roundings in an output
CAUTION = 4  # a factor on the error that is known to be left
# If noise explains a window's error, it is at most this many times its narrowest slope's noise.
SETTLED = 32

# The weight of each step's slope in the extrapolated slope, from the widest to the narrowest.
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
    """A derivative and a bound of its error. Both are nan if differences give no derivative."""

    derivative: float
    error: float


@dataclass(frozen=True, slots=True)
class Window:
    """Several steps in a row: the widest of them, and the estimate they give together."""

    widest: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Run:
    """The sum of a graph's outputs at a point, and the point's side of each kink or edge.

    A side is None exactly at the kink or edge.
    """

    output: float
    sides: tuple[bool | None, ...]

    @property
    def is_smooth(self) -> bool:
        """Whether the output is finite and no kink is exactly at this point."""
        return math.isfinite(self.output) and None not in self.sides

    def is_connected(self, other: Run) -> bool:
        """Whether no kink and no edge of a domain is known between the two points."""
        return math.isfinite(self.output) and self.sides == other.sides


Function = Callable[[float], Run]


def estimate_gradients(graph: Graph) -> dict[int, Estimate]:
    """Returns the derivative of the sum of the outputs by each leaf. The graph has no updates."""
    return {
        node: differentiate(along(graph, node), float(step.number))
        for node, step in enumerate(graph.nodes)
        if isinstance(step, Leaf)
    }


def along(graph: Graph, leaf: int) -> Function:
    """Returns the graph's forward pass as a function of one leaf's number."""
    return lambda x: run_forward(graph, leaf, x)


def differentiate(function: Function, x: float) -> Estimate:
    """Returns the best of the estimates that all narrower steps confirm."""
    estimates = [window.estimate for window in find_windows(function, x)]
    confirmed = [
        wide
        for index, wide in enumerate(estimates[:-1])
        if all(
            abs(wide.derivative - narrow.derivative) <= wide.error + narrow.error
            for narrow in estimates[index + 1 :]
        )
    ]
    nothing = Estimate(math.nan, math.nan)
    return min(confirmed, key=lambda estimate: estimate.error, default=nothing)


def find_windows(function: Function, x: float, noise: float = 0.0) -> list[Window]:
    """Returns the windows in which a function is smooth, from wide to narrow.

    `noise` is a known error of the function's numbers. The search ends when narrower steps can't
    give a better estimate.
    """
    here = function(x)
    windows: list[Window] = []
    rungs: list[tuple[float, float]] = []  # slopes and their noises
    widest = 2.0 ** (math.frexp(max(abs(x), 0.25))[1] - 2)
    for h in (widest / 2**halving for halving in range(HALVINGS)):
        above, below = function(x + h), function(x - h)
        if not (here.is_smooth and above.is_connected(here) and below.is_connected(here)):
            rungs.clear()
            windows.clear()  # wider steps reach across a kink
        elif not is_centred(x, h):
            rungs.clear()
        else:
            reading = READING * ROUNDOFF * (abs(above.output) + abs(below.output)) / 2
            rungs.append(((above.output - below.output) / (2 * h), (noise + reading) / h))
        if len(rungs) >= LEVELS:
            slopes, noises = zip(*rungs[-LEVELS:], strict=True)
            estimate = extrapolate(slopes, noises)
            windows.append(Window(h * 2 ** (LEVELS - 1), estimate))
            best = min(window.estimate.error for window in windows[:-1] or windows)
            # Wide steps can miss a narrow peak. Narrower ones that reach it differ by more than
            # their noise. A peak that none of them reaches is missed.
            if CAUTION * noises[-1] > best and estimate.error <= SETTLED * noises[-1]:
                break
    return windows


def extrapolate(slopes: Sequence[float], noises: Sequence[float]) -> Estimate:
    """Extrapolates slopes to a step of 0, by Richardson. Each step is half of the one before.

    The error covers the extrapolation and the noise of the slopes.
    """
    row: list[float] = []
    for slope in slopes:
        last, row = row, refine(row, slope)
    spread = max(abs(row[-1] - row[-2]), abs(row[-1] - last[-1]))
    noise = sum(abs(weight) * one for weight, one in zip(WEIGHTS, noises, strict=True))
    error = CAUTION * (spread + noise)
    return Estimate(row[-1], error) if math.isfinite(error) else Estimate(math.nan, math.nan)


def refine(row: Sequence[float], slope: float) -> list[float]:
    """Returns the next row of Richardson's table, given the slope at half the step.

    The error of a central difference is a sum of even powers of the step. Each column removes one
    more of them.
    """
    finer = [slope]
    for order, coarse in enumerate(row, start=1):
        finer.append(finer[-1] + (finer[-1] - coarse) / (4**order - 1))
    return finer


def is_centred(x: float, h: float) -> bool:
    """Whether x is the exact middle of x - h and x + h after rounding; always true for small x."""
    return abs(x) <= h or (x + h) - x == h == x - (x - h)


def is_special_at_0(step: Apply, position: int) -> bool:
    """Whether an operation has a kink or the edge of its domain where an operand is 0."""
    operation = step.operation.removesuffix("=")
    if operation == "**" and position == 0:
        exponent = step.operands[1]
        return isinstance(exponent, int) or exponent.number < 1 or exponent.number % 1 != 0
    return operation in SPECIAL_AT_0 or (operation == "/" and position == 1)


def run_forward(graph: Graph, moved: int, x: float) -> Run:
    """Runs the graph's forward pass on plain floats, with one leaf at x."""
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
                for position, number in enumerate(operands)
                if is_special_at_0(step, position)
            ]
            numbers.append(PLAIN[step.operation.removesuffix("=")](*operands))
        else:
            assert isinstance(step, Leaf), "an update has no derivative"
            numbers.append(x if len(numbers) == moved else step.number)
    return Run(output, tuple(sides))
