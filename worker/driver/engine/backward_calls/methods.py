"""A method of the root: L.backward(), L.backward(1.0), or a static one, Value.backward(L)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from worker.driver.base.members import find_member
from worker.driver.base.names import SETTING_BACK
from worker.driver.base.signatures import is_unwritten, signature_of
from worker.driver.engine.backward_calls.target import (
    Target,
    may_be_backward,
    required_by,
    sounds_backward,
)
from worker.driver.graph.engine import BackwardCall, Engine, call_method
from worker.driver.node.numbers import Node
from worker.driver.node.positions import methods_of

_ones_like: Callable[[Any], Any] | None = getattr(sys.modules.get("numpy"), "ones_like", None)


def find_usual(target: Target) -> Iterator[BackwardCall]:
    """Methods of the usual names."""
    for name in target.names:
        for call in _calls(name, target.root, target.engine):
            yield replace(call, is_usual=True)


def find_others(target: Target) -> Iterator[BackwardCall]:
    """Methods of other names that need one argument at most, the likeliest first."""
    for name in other_names(target):
        yield from _calls(name, target.root, target.engine)


def other_names(target: Target) -> list[str]:
    """The names of such methods.

    Names that speak of the pass come first and private ones last. Methods that draw or print
    something are left out, and so are functions such as tanh().
    """
    if target.is_strict or target.hints.names_backward:
        return []
    kind = type(target.root)
    names = [name for name, signature in methods_of(kind) if len(signature.required) <= 1]
    names = [name for name in names if may_be_backward(name)]
    names.sort(key=_find_rank)
    return [*names, "__call__"] if find_member(kind, "__call__") is not None else names


def _find_rank(name: str) -> tuple[bool, bool, bool]:
    """How unlikely it is that a method of that name runs backward."""
    sets_back = any(part in name.lower() for part in SETTING_BACK)
    return sets_back, not sounds_backward(name), name.startswith("_")


def needs_nothing(kind: type, name: str) -> bool:
    """Whether the class has a method of that name that can be called without arguments."""
    member = find_member(kind, name)
    if member is None or not callable(getattr(kind, name, None)) or is_unwritten(member):
        return False
    signature = signature_of(member)
    return signature is None or not signature.required


def _calls(name: str, root: Node, engine: Engine) -> Iterator[BackwardCall]:
    """The ways to call a method: with nothing, or with a seed as a number, a node or an array."""
    member = find_member(type(root), name)
    if type(member) is staticmethod:
        yield BackwardCall(f"{name}(node)", lambda root, _: getattr(root, name)(root))
        return
    required = len(required_by(member))
    if required == 0:
        yield BackwardCall(f"{name}()", call_method(name))
    elif required == 1:
        yield from calls_with_1(name, engine)


def calls_with_1(name: str, engine: Engine) -> Iterator[BackwardCall]:
    """The calls of a method with the seed 1, as a number, a node or an array."""
    yield BackwardCall(f"{name}(1.0)", call_method(name, 1.0))
    yield BackwardCall(
        f"{name}(1.0)",
        lambda root, make: call_method(name, make(1.0))(root, make),
        unwritten="backward starts with a node",
    )
    if _ones_like is not None:
        ones = _ones_like  # an array of the number's own shape
        read = engine.numbers.read
        yield BackwardCall(
            f"{name}(ones)", lambda root, make: call_method(name, ones(read(root)))(root, make)
        )
