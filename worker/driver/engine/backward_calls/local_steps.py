"""Closures that nodes hold and that the caller runs in order, in engines without a backward."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from worker.driver.base.names import words
from worker.driver.engine.backward_calls.target import Target
from worker.driver.file.usage_hints import is_called_by_hand
from worker.driver.graph.engine import BackwardCall, Make
from worker.driver.node.numbers import Node

STEP_NAMES = words(
    """
    _backward _backwards _backward_fn backward_fn _back back _step step _grad_fn grad_fn
    _backprop _propagate local_backward backward_step
    """
)
CHILDREN_NAMES = words(
    """
    _prev _children children prev parents _parents inputs _inputs operands _operands args sources
    deps
    """
)
LOCAL_STEPS = (
    "No backward() was found, so each node's own {} was called in reverse order, starting with 1."
)
UNWRITTEN = "each node's own closure is called in reverse order"


def find(target: Target) -> Iterator[BackwardCall]:
    """Runs such closures if nodes have them and know their operands.

    Only if a demo or a doctest calls one by hand: a backward that isn't written yet gets no points.
    Not if a function of the file reads them: it has an order of its own, right or wrong.
    """
    root = target.root
    step = next((n for n in STEP_NAMES if callable(getattr(root, n, None))), None)
    children = next((n for n in CHILDREN_NAMES if _is_many(getattr(root, n, None))), None)
    if step and children and is_called_by_hand(step, target.hints.text):
        yield _run_in_order(step, children, target.engine.gradients.shown)


def _run_in_order(step: str, children: str, grad: str) -> BackwardCall:
    def call(root: Node, _: Make) -> None:
        setattr(root, grad, 1.0)
        for node in reversed(_operands_first(root, children)):
            function = getattr(node, step, None)
            if callable(function):
                function()

    note = LOCAL_STEPS.format(f"{step}()")
    return BackwardCall(f"{step}()", call, note, unwritten=UNWRITTEN)


def _is_many(value: Any) -> bool:
    return isinstance(value, (set, frozenset, list, tuple)) and len(value) > 0


def _operands_first(root: Node, children: str) -> list[Node]:
    """The nodes that the root is made of, each after its operands."""
    order: list[Node] = []
    seen: set[int] = set()
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, is_entered = waiting.pop()
        if is_entered:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            waiting += [(operand, False) for operand in getattr(node, children, ())]
    return order
