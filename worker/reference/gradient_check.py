"""The gradient check: gradients against central differences of the same engine's forward pass.

The judge builds a *probe* of a case's graph: copies of its forward pass, in each of which one leaf
is a little moved. The student's class runs them, and the numbers that come back say what its own
gradients should be, whatever its operations compute: a wrong derivative is told from a wrong value.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from worker.graph import Apply, Constant, Graph, Leaf, Update
from worker.reference.differences import (
    CAUTION,
    LEVELS,
    READING,
    Estimate,
    along,
    extrapolate,
    find_windows,
)
from worker.reference.engine import evaluate
from worker.reference.floats import ROUNDOFF
from worker.reference.tolerance import SAFETY, bound
from worker.report.model import Quantity, show

PRECISION = 1e-8  # a leaf whose derivative (of 1, for small ones) is known no better is left out


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
            told = extrapolate(slopes, noises)
            estimates[leaf] = replace(told, error=told.error + self.slack[leaf])
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
        widest = _choose_step(graph, leaf, x, aim, noise)
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


def _choose_step(graph: Graph, leaf: int, x: float, aim: Estimate, noise: float) -> float | None:
    """The widest of the steps that tell the derivative best, or None where none do.

    `aim` is the derivative, by which differences are themselves checked; `noise` is how far
    rounding may take the outputs.
    """
    right = [
        window
        for window in find_windows(along(graph, leaf), x, noise)
        if abs(window.estimate.derivative - aim.derivative)
        <= window.estimate.error / CAUTION + aim.error
    ]
    best = min(right, key=lambda window: window.estimate.error, default=None)
    return None if best is None else best.widest


def _add_up(numbers: Sequence[float | None]) -> float:
    return sum(math.nan if number is None else number for number in numbers)
