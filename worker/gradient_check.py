"""The gradient check: gradients against central differences of the same engine's forward pass.

The judge builds a *probe* of a case's graph: copies of its forward pass, in each of which one leaf
is a little moved. The student's class runs them, and the numbers that come back say what its own
gradients should be, whatever its operations compute: a wrong derivative is told from a wrong value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from worker.engine import evaluate
from worker.graph import Apply, Constant, Graph, Leaf, Update
from worker.numerical import Estimate, Run, along, refine
from worker.report import Quantity, show
from worker.tolerance import ROUNDOFF, SAFETY, bound

LEVELS = 4  # step sizes for a leaf, each half of the one before: 8 forward passes
HALVINGS = 24  # of the widest step, among which the best four in a row are looked for
PRECISION = 1e-8  # a leaf whose derivative (of 1, for small ones) is known no better is left out
READING = 8  # roundings in an output beside those of the graph, where it is not the reference's

# What each level's slope weighs in the extrapolated one.
WEIGHTS = tuple(
    math.prod(
        4.0**-other / (4.0**-other - 4.0**-level) for other in range(LEVELS) if other != level
    )
    for level in range(LEVELS)
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A leaf's number moved up and down by a step, and the copies of the graph that have it so."""

    up: float
    down: float
    copies: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Forward passes that tell the derivatives of whatever engine runs them.

    `graph` has no backward. `reads` are the numbers to ask for, in the order in which `estimate`
    takes them: the outputs of one copy after the other.
    """

    graph: Graph
    reads: tuple[tuple[int, Quantity], ...]
    pairs: Mapping[int, tuple[Pair, ...]]  # by leaf, from the widest step to the narrowest
    noises: tuple[float, ...]  # by copy: how far rounding may take the sum of its outputs
    slack: Mapping[int, float]  # by leaf: how far rounding may take its gradient

    def after(self, graph: Graph) -> tuple[Graph, tuple[tuple[int, Quantity], ...]]:
        """The probe's passes behind a graph's own steps, and where its numbers are read then."""
        by = len(graph.nodes)
        steps = [_shift(step, by) for step in self.graph.nodes]
        joined = replace(graph, steps=(*graph.steps, *steps))
        return joined, tuple((node + by, quantity) for node, quantity in self.reads)

    def estimate(self, numbers: Sequence[float | None]) -> dict[int, Estimate]:
        """For each leaf, the derivative of the engine's own output, and how far from it a gradient
        may be that goes with it. Both are nan where a number is missing or not finite.
        """
        copies = len(self.noises)
        each = len(numbers) // copies if copies else 0
        sums = [_add_up(numbers[copy * each :][:each]) for copy in range(copies)]
        estimates = {}
        for leaf, pairs in self.pairs.items():
            slopes, noises = [], []
            for pair in pairs:
                above, below = (sums[copy] for copy in pair.copies)
                reading = READING * ROUNDOFF * (abs(above) + abs(below))
                noise = reading + sum(self.noises[copy] for copy in pair.copies)
                slopes.append((above - below) / (pair.up - pair.down))
                noises.append(noise / (pair.up - pair.down))
            estimates[leaf] = extrapolate(slopes, noises, self.slack[leaf])
        return estimates


def perturb(graph: Graph) -> Probe:
    """The probe of a graph without updates.

    Left out are leaves that no output depends on, and those at a kink, at the edge of a domain, or
    where rounding leaves too little of the derivative.
    """
    evaluation = evaluate(graph)
    bounds = bound(graph, evaluation)
    noise = sum(bounds.data[output] for output in graph.outputs) / SAFETY
    moves: list[tuple[int, float]] = []
    pairs: dict[int, tuple[Pair, ...]] = {}
    for leaf, step in enumerate(graph.nodes):
        if not isinstance(step, Leaf) or not bounds.grad[leaf]:  # 0 where no output depends on it
            continue
        x, aim = float(step.number), Estimate(evaluation.grad[leaf], bounds.grad[leaf])
        widest = choose_step(along(graph, leaf), x, aim, noise)
        if widest is not None:
            for h in (widest / 2**level for level in range(LEVELS)):
                pair = Pair(x + h, x - h, (len(moves), len(moves) + 1))
                pairs[leaf] = (*pairs.get(leaf, ()), pair)
                moves += [(leaf, pair.up), (leaf, pair.down)]
    probed = _copy(graph, moves)
    outputs = [
        [copy * len(graph.nodes) + output for output in graph.outputs] for copy in range(len(moves))
    ]
    tried = evaluate(probed)
    roundings = bound(probed, tried).data
    probe = Probe(
        graph=probed,
        reads=tuple((output, Quantity.DATA) for several in outputs for output in several),
        pairs=pairs,
        noises=tuple(sum(roundings[one] for one in several) / SAFETY for several in outputs),
        slack={leaf: bounds.grad[leaf] for leaf in pairs},
    )
    told = probe.estimate([tried.data[node] for node, _ in probe.reads])
    known = {leaf: pairs[leaf] for leaf, one in told.items() if _is_precise(one)}
    return replace(probe, pairs=known)


def _is_precise(estimate: Estimate) -> bool:
    return estimate.error <= PRECISION * max(1, abs(estimate.derivative))


def _copy(graph: Graph, moves: Sequence[tuple[int, float]]) -> Graph:
    """The forward pass once for each move, in which one leaf has another number.

    No node is shared between copies, so that an operation that changes its operand harms its own
    copy as it would the graph.
    """
    each = len(graph.nodes)
    steps: list[Leaf | Apply] = []
    names: dict[str, int] = {}
    for copy, (leaf, number) in enumerate(moves):
        steps += [
            Leaf(number) if node == leaf else _shift(step, copy * each)
            for node, step in enumerate(graph.nodes)
        ]
        moved = next((name for name, node in graph.names.items() if node == leaf), f"leaf {leaf}")
        for name, node in graph.names.items():
            names[f"{name} where {moved} is {show(number)}"] = copy * each + node
    return Graph(steps=tuple(steps), names=names, program=graph.program)


def _shift(step: Leaf | Apply | Update, by: int) -> Leaf | Apply:
    """The same step among nodes that come `by` later."""
    if isinstance(step, Apply):
        operands = (one if isinstance(one, Constant) else one + by for one in step.operands)
        return Apply(step.operation, tuple(operands))
    assert isinstance(step, Leaf), "an update has no derivative"
    return step


def choose_step(
    function: Callable[[float], Run], x: float, aim: Estimate, noise: float
) -> float | None:
    """The widest of the four steps that tell the derivative best, or None where none can.

    `aim` is the derivative, by which the extrapolation is itself checked; `noise` is how far
    rounding may take the function.
    """
    here = function(x)
    if not here.is_smooth:
        return None
    step, best = None, math.inf
    rungs: list[tuple[float, float]] = []  # slopes and their noises, of steps in a row
    widest = 2.0 ** (math.frexp(max(abs(x), 0.25))[1] - 2)
    for h in (widest / 2**halving for halving in range(HALVINGS)):
        above, below = function(x + h), function(x - h)
        is_smooth = above.is_beside(here) and below.is_beside(here)
        if not is_smooth:
            step, best = None, math.inf  # wider steps reach across a kink
        if not (is_smooth and _is_centred(x, h)):
            rungs.clear()
            continue
        rungs.append(((above.output - below.output) / (2 * h), noise / h))
        if len(rungs) >= LEVELS:
            slopes, noises = zip(*rungs[-LEVELS:], strict=True)
            found = extrapolate(slopes, noises, aim.error)
            is_right = abs(found.derivative - aim.derivative) <= found.error / SAFETY
            if is_right and found.error < best:
                step, best = h * 2 ** (LEVELS - 1), found.error
    return step


def extrapolate(slopes: Sequence[float], noises: Sequence[float], slack: float) -> Estimate:
    """The slope at a step of 0, from those at steps each half of the one before.

    The error has room for what is left of the extrapolation, for the noise of the slopes, and for
    `slack`. Both are nan where the slopes are not all finite.
    """
    row: list[float] = []
    for slope in slopes:
        last, row = row, refine(row, slope)
    spread = max(abs(row[-1] - row[-2]), abs(row[-1] - last[-1]))
    noise = sum(abs(weight) * one for weight, one in zip(WEIGHTS, noises, strict=True))
    error = SAFETY * (spread + noise) + slack
    return Estimate(row[-1], error) if math.isfinite(error) else Estimate(math.nan, math.nan)


def _is_centred(x: float, h: float) -> bool:
    """Whether rounding leaves x in the middle of x - h and x + h, as near as it is to matter."""
    return abs(x) <= h or (x + h) - x == h == x - (x - h)


def _add_up(numbers: Sequence[float | None]) -> float:
    return sum(math.nan if number is None else number for number in numbers)
