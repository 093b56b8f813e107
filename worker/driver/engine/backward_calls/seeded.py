"""The caller sets the root's own gradient before: L.grad = 1, then L.backward(), or nothing else.

Only if the file says so, because to forget it is also a common mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from worker.driver.engine.backward_calls.target import Target
from worker.driver.graph.engine import BackwardCall, Make, call_method
from worker.driver.node.numbers import Node

SEEDED = "{}() starts from the output's own gradient, so that was set to 1 before."


def find(target: Target) -> Iterator[BackwardCall]:
    """Methods of the usual names after each seed, then each seed alone."""
    for seed in target.hints.seeds:
        for name in target.names:
            call = _seed_first(seed, target.engine.kind, call_method(name))
            yield BackwardCall(f"{name}()", call, SEEDED.format(name))
        yield BackwardCall(f"{seed} = 1", _seed_first(seed, target.engine.kind, None))


def _seed_first(
    seed: str, kind: type | None, run: Callable[[Node, Make], Any] | None
) -> Callable[[Node, Make], Any]:
    def call(root: Node, make: Make) -> Any:
        old = root.get(seed) if isinstance(root, dict) else getattr(root, seed, None)
        one = make(1.0) if kind is not None and isinstance(old, kind) else 1.0
        if isinstance(root, dict):
            root[seed] = one
        else:
            setattr(root, seed, one)
        return run(root, make) if run is not None else None

    return call
