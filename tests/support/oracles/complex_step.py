"""Derivatives by complex steps: f(x + ih) is f(x) + ih f'(x), and nothing cancels.

Each leaf in turn moves by a step whose square is lost in rounding. No slope is written down: they
come out of complex arithmetic. Only the kinked operations ask for the sign of the real part.
"""

from __future__ import annotations

import cmath
import operator
from collections.abc import Callable

from worker.graph import Apply, Backward, Constant, Graph, Leaf

STEP = 1e-100  # the numbers on the way may be as small again
LEAST = 1e-200  # of a derivative: what is smaller comes out of a step with few digits, or none


def find_gradients(graph: Graph) -> dict[int, float]:
    """For each leaf, the derivative of the sum of the graph's outputs by it."""
    leaves = [node for node, step in enumerate(graph.nodes) if isinstance(step, Leaf)]
    return {leaf: _run(graph, leaf).imag / STEP for leaf in leaves}


def _run(graph: Graph, moved: int) -> complex:
    numbers: list[complex] = []
    output = 0j
    for step in graph.steps:
        if isinstance(step, Backward):
            output += numbers[step.node]
        elif isinstance(step, Leaf):
            numbers.append(complex(step.number, STEP if len(numbers) == moved else 0))
        else:
            assert isinstance(step, Apply), "an update is no part of a graph drawn here"
            operands = [
                complex(one.number) if isinstance(one, Constant) else numbers[one]
                for one in step.operands
            ]
            numbers.append(OPERATIONS[step.operation.removesuffix("=")](*operands))
    return output


def _power(a: complex, b: complex) -> complex:
    """By repeated multiplication where that can be: a logarithm turns a negative base round."""
    if b.imag == 0 and b.real.is_integer() and abs(b.real) <= 64:
        product = 1 + 0j
        for _ in range(int(abs(b.real))):
            product *= a
        return product if b.real >= 0 else 1 / product
    if a == 0:
        return 0j
    return cmath.exp(b * cmath.log(a))


def _absolute(z: complex) -> complex:
    return z if z.real > 0 else -z


OPERATIONS: dict[str, Callable[..., complex]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": _power,
    "neg": operator.neg,
    "tanh": cmath.tanh,
    "exp": cmath.exp,
    "log": cmath.log,
    "relu": lambda z: z if z.real > 0 else 0j,
    "sigmoid": lambda z: (1 + cmath.tanh(z / 2)) / 2,
    "sin": cmath.sin,
    "cos": cmath.cos,
    "sqrt": cmath.sqrt,
    "abs": _absolute,
}
