"""The gradient check: compares gradients with central differences of the engine's own forward pass.

A *probe* of a graph has copies of its forward pass. In each copy one leaf is moved a little. The
student's class runs the copies, and their outputs give the gradients that fit its forward pass. So
the check distinguishes a wrong derivative from a wrong value.
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
from worker.report.model import Quantity
from worker.report.numbers import show

PRECISION = 1e-8  # relative, or absolute below 1; less exact derivatives are left out


@dataclass(frozen=True, slots=True)
class Pair:
    """A leaf's number moved up and down by a step, and the two copies of the graph with them."""

    up: float
    down: float
    copies: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """Forward passes from which the gradients of any engine can be computed.

    `graph` has no backward. `reads` are the numbers to ask for, in the order that `estimate` needs:
    the outputs of one copy after the other.
    """

    graph: Graph
    reads: tuple[tuple[int, Quantity], ...]
    pairs: Mapping[int, tuple[Pair, ...]]  # by leaf, from the widest step to the narrowest
    noises: tuple[float, ...]  # by copy: the rounding error of the sum of its outputs
    slack: Mapping[int, float]  # by leaf: the rounding error of its gradient

    def after(self, graph: Graph) -> tuple[Graph, tuple[tuple[int, Quantity], ...]]:
        """Appends the probe to a graph's own steps. Returns the graph and what to read."""
        by = len(graph.nodes)
        steps = [shift(step, by) for step in self.graph.nodes]
        joined = replace(graph, steps=(*graph.steps, *steps))
        return joined, tuple((node + by, quantity) for node, quantity in self.reads)

    def estimate(self, numbers: Sequence[float | None]) -> dict[int, Estimate]:
        """Returns the derivative of the engine's own output by each leaf.

        The error is the largest difference of a gradient that fits. Derivative and error are nan if
        a number is missing or not finite.
        """
        copies = len(self.noises)
        each = len(numbers) // copies if copies else 0
        known = [math.nan if number is None else number for number in numbers]
        sums = [sum(known[copy * each :][:each]) for copy in range(copies)]
        estimates = {}
        for leaf, pairs in self.pairs.items():
            slopes, noises = [], []
            for pair in pairs:
                above, below = (sums[copy] for copy in pair.copies)
                reading = READING * ROUNDOFF * (abs(above) + abs(below))
                noise = reading + sum(self.noises[copy] for copy in pair.copies)
                slopes.append((above - below) / (pair.up - pair.down))
                noises.append(noise / (pair.up - pair.down))
            slope = extrapolate(slopes, noises)
            estimates[leaf] = replace(slope, error=slope.error + self.slack[leaf])
        return estimates


def perturb(graph: Graph) -> Probe:
    """Returns the probe of a graph without updates.

    It leaves out leaves that no output depends on, leaves at a kink or at the edge of a domain, and
    leaves whose derivative is mostly rounding error.
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
        widest = choose_step(graph, leaf, x, aim, noise)
        if widest is not None:
            for h in (widest / 2**level for level in range(LEVELS)):
                pair = Pair(x + h, x - h, (len(moves), len(moves) + 1))
                pairs[leaf] = (*pairs.get(leaf, ()), pair)
                moves += [(leaf, pair.up), (leaf, pair.down)]
    probed = copy_forward(graph, moves)
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
    estimates = probe.estimate([tried.data[node] for node, _ in probe.reads])
    precise = {
        leaf: pairs[leaf]
        for leaf, estimate in estimates.items()
        if estimate.error <= PRECISION * max(1, abs(estimate.derivative))
    }
    return replace(probe, pairs=precise)


def copy_forward(graph: Graph, moves: Sequence[tuple[int, float]]) -> Graph:
    """Copies the forward pass for each move, which gives one leaf another number.

    Copies share no node. If an operation wrongly changes its operand, it affects its own copy only,
    as it affects the graph.
    """
    each = len(graph.nodes)
    steps: list[Leaf | Apply] = []
    names: dict[str, int] = {}
    for copy, (leaf, number) in enumerate(moves):
        steps += [
            Leaf(number) if node == leaf else shift(step, copy * each)
            for node, step in enumerate(graph.nodes)
        ]
        moved = next((name for name, node in graph.names.items() if node == leaf), f"leaf {leaf}")
        for name, node in graph.names.items():
            names[f"{name} where {moved} is {show(number)}"] = copy * each + node
    return Graph(steps=tuple(steps), names=names, program=graph.program)


def shift(step: Leaf | Apply | Update, by: int) -> Leaf | Apply:
    """Returns the same step with operands that come `by` nodes later."""
    if isinstance(step, Apply):
        operands = (one if isinstance(one, Constant) else one + by for one in step.operands)
        return Apply(step.operation, tuple(operands))
    assert isinstance(step, Leaf), "an update has no derivative"
    return step


def choose_step(graph: Graph, leaf: int, x: float, aim: Estimate, noise: float) -> float | None:
    """Returns the widest step of the window with the best estimate; None if there is none.

    `aim` is the true derivative, which an estimate must agree with. `noise` is the rounding error
    of the outputs.
    """
    right = [
        window
        for window in find_windows(along(graph, leaf), x, noise)
        if abs(window.estimate.derivative - aim.derivative)
        <= window.estimate.error / CAUTION + aim.error
    ]
    best = min(right, key=lambda window: window.estimate.error, default=None)
    return None if best is None else best.widest
