"""The rules of primitive operations, ready to run, with what a mistake may put in their place."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from worker.grading.diagnosis.forms import RULES
from worker.reference import floats

Update = Callable[[float, float], float]


def _sign(x: float) -> float:
    return math.copysign(1.0, x) if x else 0.0


NAMESPACE: Mapping[str, Any] = {
    "__builtins__": {"abs": abs, "max": max, "min": min, "int": int},
    "cos": math.cos,
    "exp": math.exp,
    "log": math.log,
    "pow": math.pow,
    "sigmoid": floats.sigmoid,
    "sign": _sign,
    "sin": math.sin,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}


@cache
def compile_rule(text: str) -> Callable[..., float]:
    """Returns the function of a rule's text. All texts are our own."""
    function: Callable[..., float] = eval(
        f"lambda a, b, n, out, g, ga, gb: {text}", dict(NAMESPACE)
    )
    return function


@cache
def compile_update(text: str) -> Update:
    """Returns the function of an update's text: of the gradient `m` so far, and the share `p`."""
    function: Update = eval(f"lambda m, p: {text}", dict(NAMESPACE))
    return function


UPDATES: Mapping[str, str] = {
    "add": "m + p",
    "assign": "p",
    "none": "m",
    "subtract": "m - p",
    "multiply": "m * p",
    "twice": "m + p + p",
    "clip": "max(-1.0, min(1.0, m + p))",
    "momentum": "0.9 * m + p",
    "first": "m or p",
    "largest": "max(m, p, key=abs)",
    "whole": "int(m + p)",
    "whole share": "m + int(p)",
    "turned": "p - m",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rule of a primitive, ready to run; one entry for each operand that is a Value."""

    value: Callable[..., float]
    slopes: tuple[Callable[..., float], ...]
    upstreams: tuple[str, ...]
    updates: tuple[Update | None, ...]  # None: as all operations do
    kept: tuple[bool, ...]  # whether the result remembers the operand
    to: tuple[str, ...]  # what gets the share: an operand, the result, or the operand's number
    branches: tuple[Branch | None, ...]
    after: tuple[str, ...]  # what is done when a share has been given
    result: str
    effect: str
    step: str  # what keeps the step, or the name of the operation, if it isn't the result
    is_plain: bool  # shares are slopes times gradients, and added
    is_simple: bool  # the result is a new node that knows its operands and its step


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """What happens to an operand in place of a share, for some numbers."""

    condition: Callable[..., float] | None  # None: both operands are the same node
    behaviour: str


UPSTREAMS: Mapping[str, Callable[..., float]] = {
    "1": lambda g, own, sibling, out: 1.0,  # noqa: ARG005
    "own": lambda g, own, sibling, out: own,  # noqa: ARG005
    "sibling": lambda g, own, sibling, out: sibling,  # noqa: ARG005
    "out": lambda g, own, sibling, out: out,  # noqa: ARG005
    "square": lambda g, own, sibling, out: g * g,  # noqa: ARG005
    "abs": lambda g, own, sibling, out: abs(g),  # noqa: ARG005
    "positive": lambda g, own, sibling, out: max(g, 0.0),  # noqa: ARG005
    "mask": lambda g, own, sibling, out: float(g > 0),  # noqa: ARG005
}
# What every operation hands on, of a slope s and the gradient g of the result, if not s * g.
SHARES: Mapping[str, Callable[[float, float], float]] = {
    "slope plus gradient": lambda s, g: s + g,
    "slope minus gradient": lambda s, g: s - g,
    "slope by gradient": lambda s, g: s / g,
    "slope squared": lambda s, _: s * s,
    "gradient alone": lambda _, g: g,
    "gradient squared": lambda _, g: g * g,
}
PLUS = "plus"  # the gradient of the result is added to the slope
IDENTICAL = "the same node"  # a condition that no numbers show


@cache
def compile_settings(primitive: str, settings: tuple[tuple[str, str], ...]) -> Rule:
    value, *slopes = RULES[primitive]
    chosen = dict(settings)
    count = range(len(slopes))
    updates = [chosen.get(f"update{i}") for i in count]
    aspects = {aspect.rstrip("01") for aspect in chosen}
    return Rule(
        value=compile_rule(chosen.get("value", value)),
        slopes=tuple(compile_rule(chosen.get(f"slope{i}", slopes[i])) for i in count),
        upstreams=tuple(chosen.get(f"upstream{i}", "g") for i in count),
        updates=tuple(None if one is None else compile_update(UPDATES[one]) for one in updates),
        kept=tuple(chosen.get(f"kept{i}", "yes") == "yes" for i in count),
        to=tuple(chosen.get(f"to{i}", str(i)) for i in count),
        branches=tuple(_compile_branch(chosen.get(f"branch{i}")) for i in count),
        after=tuple(chosen.get(f"after{i}", "") for i in count),
        result=chosen.get("result", "node"),
        effect=chosen.get("effect", ""),
        step=chosen.get("step", ""),
        is_plain=(
            aspects <= {"value", "slope", "kept", "result", "update", "step"}
            and chosen.get("step") != "operation"
        ),
        is_simple=aspects.isdisjoint({"kept", "result", "effect", "step"}),
    )


def _compile_branch(text: str | None) -> Branch | None:
    if text is None:
        return None
    condition, behaviour = text.split(": ")
    return Branch(
        condition=None if condition == IDENTICAL else compile_rule(condition),
        behaviour=behaviour,
    )
