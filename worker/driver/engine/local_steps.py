"""Engines without a backward of their own: nodes keep closures that somebody must call in order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from worker.driver.base.names import words
from worker.driver.engine.backward_calls import Way
from worker.driver.engine.interface import Interface, Node
from worker.driver.file.usage_hints import is_called_by_hand

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
    "No backward() was found. The nodes' own {} was called in reverse order, beginning with 1."
)


def find_local_steps(node: Node, interface: Interface, text: str) -> Way | None:
    """The way to run such closures, where a node has them and knows its operands.

    Only where a demo or a doctest calls them by hand: who has not written backward yet gets no
    points for it. None where a function of the file reads them: it has an order of its own, right
    or wrong.
    """
    step = next((n for n in STEP_NAMES if callable(getattr(node, n, None))), None)
    children = next((n for n in CHILDREN_NAMES if _is_many(getattr(node, n, None))), None)
    if step is None or children is None:
        return None
    if not is_called_by_hand(step, text):
        return None
    steps, operands, grad = step, children, interface.grad

    def run(root: Node) -> None:
        setattr(root, grad, 1.0)
        for node in reversed(_in_order(root, operands)):
            function = getattr(node, steps, None)
            if callable(function):
                function()

    return Way(f"{step}()", run, LOCAL_STEPS.format(f"{step}()"))


def _is_many(held: Any) -> bool:
    return isinstance(held, (set, frozenset, list, tuple)) and len(held) > 0


def _in_order(root: Node, children: str) -> list[Node]:
    """The nodes that the root is made of, each after its operands."""
    order: list[Node] = []
    seen: set[int] = set()
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, entered = waiting.pop()
        if entered:
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            waiting.append((node, True))
            held: Iterable[Node] = getattr(node, children, ())
            waiting += [(operand, False) for operand in held]
    return order
