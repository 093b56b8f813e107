"""The caller sets the root's own gradient before: L.grad = 1, then L.backward(), or nothing else.

Only if the file says so. To forget it is also a common mistake: see `engine/seeding.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from worker.driver.engine.backward_calls import functions, methods, objects
from worker.driver.engine.backward_calls.target import Target
from worker.driver.graph.engine import BackwardCall, Make
from worker.driver.node.numbers import Node

SEEDED = "{} starts from the output's own gradient, so that was set to 1 before."
_ones_like: Callable[[Any], Any] | None = getattr(sys.modules.get("numpy"), "ones_like", None)


def find(target: Target) -> Iterator[BackwardCall]:
    """Calls of the usual names after each seed, then each seed alone."""
    for seed in target.hints.seeds:
        for find_calls in (methods.find_usual, functions.find, objects.find):
            yield from _seed_all(find_calls(target), seed, target)
        alone = BackwardCall("", lambda _root, _make: None)
        yield replace(seed_first(alone, seed, target.engine.kind), shown=f"{seed} = 1")


def find_others(target: Target) -> Iterator[BackwardCall]:
    """Methods of other names after each seed."""
    for seed in target.hints.seeds:
        yield from _seed_all(methods.find_others(target), seed, target)


def _seed_all(calls: Iterator[BackwardCall], seed: str, target: Target) -> Iterator[BackwardCall]:
    for call in calls:
        seeded = seed_first(call, seed, target.engine.kind)
        yield replace(seeded, note=SEEDED.format(call.shown), is_usual=False)


def seed_first(
    call: BackwardCall, seed: str, kind: type | None, as_node: bool = False
) -> BackwardCall:
    """The call after an attribute of the root, or an entry of it, was set to 1.

    The 1 is in the form that gradients have, or a node if they may be nodes.
    """

    def run(root: Node, make: Make) -> Any:
        is_dict = isinstance(root, dict)
        old = root.get(seed) if is_dict else getattr(root, seed, None)
        one = make(1.0) if as_node else one_like(old, kind, make)
        if is_dict:
            root[seed] = one
        else:
            setattr(root, seed, one)
        return call.call(root, make)

    return replace(call, call=run, seed=seed)


def one_like(old: Any, kind: type | None, make: Make) -> Any:
    """A gradient of 1 in the form that gradients have: a number, a node or an array."""
    if kind is not None and isinstance(old, kind):
        return make(1.0)
    if type(old).__module__ == "numpy" and _ones_like is not None:
        return _ones_like(old)
    return 1.0
