"""Fills in the other arguments of functions that ask for more than a node: log(x, base)."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import methodcaller
from typing import Any

from worker.driver.base.signatures import signature_of
from worker.driver.node.numbers import Node

BASES = ("base", "b", "basis")
# The values with which a second argument changes nothing, by its name.
_NEUTRAL: dict[str, Any] = {
    **dict.fromkeys(BASES, math.e),
    **dict.fromkeys(("slope", "alpha", "leak", "leakiness", "negative_slope", "threshold"), 0.0),
    **dict.fromkeys(("bias", "shift", "offset", "phase", "eps", "epsilon", "start"), 0.0),
    **dict.fromkeys(("scale", "temperature", "temp", "beta", "gamma", "gain", "factor"), 1.0),
    **dict.fromkeys(("freq", "frequency", "steepness"), 1.0),
    **dict.fromkeys(("root", "degree", "order"), 2),
    **dict.fromkeys(("label", "name", "tag", "out_label"), ""),
    **dict.fromkeys(("inplace", "in_place", "derivative", "deriv", "training"), False),
}
# What else a function's required second argument is, whatever its name.
_OF_FUNCTION = {"log": math.e, "exp": math.e, "relu": 0.0, "sqrt": 2}


def fill_function(name: str, function: Callable[..., Node]) -> Callable[[Node], Node]:
    """The call of a function of the file with a node. `name` is the one that the graph uses."""
    if name == "log" and (names := _find_base_first(function)):
        base, argument = names
        return lambda node: function(**{base: math.e, argument: node})
    others = list_others(name, function)
    return (lambda node: function(node, **others)) if others else function


def fill_method(name: str, method_name: str, member: Any) -> Callable[[Node], Node]:
    """The call of a node's method."""
    return methodcaller(method_name, **list_others(name, member))


def list_others(name: str, function: Any) -> dict[str, Any]:
    """The arguments after the node. Empty if it needs none, or if one has no obvious value."""
    signature = signature_of(function)
    if signature is None:
        return {}
    filled = {}
    for parameter in signature.required:
        plain = parameter.strip("_").lower()
        if plain in _NEUTRAL:
            filled[parameter] = _NEUTRAL[plain]
        elif name in _OF_FUNCTION and len(signature.required) == 1:
            filled[parameter] = _OF_FUNCTION[name]
        else:
            return {}
    if name == "log":  # a base that is 10 by default isn't that of a natural logarithm
        for parameter, default in signature.defaults.items():
            if parameter.strip("_").lower() in BASES and type(default) in (int, float):
                filled[parameter] = math.e
    return filled


def _find_base_first(function: Any) -> tuple[str, str] | None:
    """The parameters of `log(base, x)`, or None if a function doesn't ask for the base first."""
    signature = signature_of(function, bound=0)
    if signature is None or len(signature.required) != 2 or signature.by_position():
        return None
    base, argument = signature.required
    return (base, argument) if base.strip("_").lower() in BASES else None
