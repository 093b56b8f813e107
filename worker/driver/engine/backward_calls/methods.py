"""A method of the root: L.backward(), L.backward(1.0), or a static one, Value.backward(L)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from worker.driver.base.members import find_member
from worker.driver.base.signatures import signature_of
from worker.driver.engine.backward_calls.target import Target, required_by
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
    """Methods of other names that need one argument at most; public ones first."""
    if target.is_strict or target.hints.names_backward:
        return
    kind = type(target.root)
    fit = [name for name, signature in methods_of(kind) if len(signature.required) <= 1]
    for name in sorted(fit, key=lambda name: name.startswith("_")):
        yield from _calls(name, target.root, target.engine)
    if find_member(kind, "__call__") is not None:
        yield from _calls("__call__", target.root, target.engine)


def needs_nothing(kind: type, name: str) -> bool:
    """Whether the class has a method of that name that can be called without arguments."""
    member = find_member(kind, name)
    if member is None or not callable(getattr(kind, name, None)):
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
        yield BackwardCall(f"{name}(1.0)", call_method(name, 1.0))
        yield BackwardCall(
            f"{name}(1.0)", lambda root, make: call_method(name, make(1.0))(root, make)
        )
        if _ones_like is not None:
            ones = _ones_like  # an array of the number's own shape
            read = engine.numbers.read
            yield BackwardCall(
                f"{name}(ones)", lambda root, make: call_method(name, ones(read(root)))(root, make)
            )
