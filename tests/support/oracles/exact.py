"""A graph's numbers to 50 digits, by dual numbers: values that carry their derivatives forward.

Written from the identities of a textbook, apart from the engine: leaves are taken as the exact
floats that they are, and nothing here runs backwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mpmath
from mpmath import mp, mpf

from worker.graph import Apply, Backward, Constant, Graph, Leaf

DIGITS = 50
Real = Any  # mpmath's mpf, which has no types


@dataclass(frozen=True, slots=True)
class Dual:
    """A number, and its derivatives by the nodes that it was made of; 0 by all others."""

    number: Real
    tangents: dict[int, Real]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a correct engine without rounding finds, node by node."""

    data: tuple[Real, ...]
    grad: tuple[Real, ...]


def find_truth(graph: Graph) -> Truth:
    """Every node's number, and the derivative of the sum of the outputs by it."""
    with mp.workdps(DIGITS):
        nodes: list[Dual] = []
        grad: list[Real] = [mpf(0)] * len(graph.nodes)
        for step in graph.steps:
            if isinstance(step, Backward):
                for node, tangent in nodes[step.node].tangents.items():
                    grad[node] += tangent
                continue
            if isinstance(step, Leaf):
                made = Dual(mpf(step.number), {})
            else:
                assert isinstance(step, Apply), "an update is no part of a graph drawn here"
                operands = [
                    Dual(mpf(one.number), {}) if isinstance(one, Constant) else nodes[one]
                    for one in step.operands
                ]
                made = RULES[step.operation.removesuffix("=")](*operands)
            made.tangents[len(nodes)] = mpf(1)
            nodes.append(made)
        return Truth(tuple(node.number for node in nodes), tuple(grad))


def _chain(number: Real, *terms: tuple[Dual, Real]) -> Dual:
    """A number made of others, and how much of each one's derivatives it takes."""
    tangents: dict[int, Real] = {}
    for dual, share in terms:
        for node, tangent in dual.tangents.items():
            tangents[node] = tangents.get(node, 0) + share * tangent
    return Dual(number, tangents)


def _quotient(u: Dual, v: Dual) -> Dual:
    """(u / v)' = (u' v - u v') / v²"""
    square = v.number * v.number
    return _chain(u.number / v.number, (u, v.number / square), (v, -u.number / square))


def _power(u: Dual, v: Dual) -> Dual:
    """(u ^ v)' = u ^ v (v' ln u + v u' / u), and the power rule where there is no logarithm."""
    number = u.number**v.number
    if not v.tangents:
        slope = v.number * u.number ** (v.number - 1) if v.number else mpf(0)
        return _chain(number, (u, slope))
    by_exponent = (v, number * mpmath.ln(u.number))
    return _chain(number, (u, number * v.number / u.number), by_exponent)


def _of_one(
    function: Callable[[Real], Real], slope: Callable[[Real], Real]
) -> Callable[[Dual], Dual]:
    return lambda u: _chain(function(u.number), (u, slope(u.number)))


RULES: dict[str, Callable[..., Dual]] = {
    "+": lambda u, v: _chain(u.number + v.number, (u, 1), (v, 1)),
    "-": lambda u, v: _chain(u.number - v.number, (u, 1), (v, -1)),
    "*": lambda u, v: _chain(u.number * v.number, (u, v.number), (v, u.number)),
    "/": _quotient,
    "**": _power,
    "neg": _of_one(lambda x: -x, lambda _: -1),
    "tanh": _of_one(mpmath.tanh, lambda x: mpmath.sech(x) ** 2),
    "exp": _of_one(mpmath.exp, mpmath.exp),
    "log": _of_one(mpmath.ln, lambda x: 1 / x),
    "relu": _of_one(lambda x: (x + abs(x)) / 2, lambda x: (1 + mpmath.sign(x)) / 2),
    "sigmoid": _of_one(
        lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: 1 / (2 * mpmath.cosh(x / 2)) ** 2
    ),
    "sin": _of_one(mpmath.sin, mpmath.cos),
    "cos": _of_one(mpmath.cos, lambda x: -mpmath.sin(x)),
    "sqrt": _of_one(mpmath.sqrt, lambda x: 1 / (2 * mpmath.sqrt(x))),
    "abs": _of_one(abs, mpmath.sign),
}
