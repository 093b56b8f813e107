"""Engines without a backward of their own: nodes keep closures that somebody must call in order."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Any

from worker.driver.demos import walk
from worker.driver.interface import Interface, Node
from worker.driver.spelling import words
from worker.driver.telling import FILE
from worker.driver.ways import Way

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
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LOCAL_STEPS = (
    "No backward() was found. The nodes' own {} was called in reverse order, beginning with 1."
)


def find_local_steps(node: Node, interface: Interface, text: str) -> Way | None:
    """The way to run such closures, where a node has them and knows its operands.

    Only where the file, a text or a comment of it calls them by hand: who has not written backward
    yet gets no points for it. None where a function of the file reads them: it has an order of its
    own, right or wrong.
    """
    step = next((n for n in STEP_NAMES if callable(getattr(node, n, None))), None)
    children = next((n for n in CHILDREN_NAMES if _is_many(getattr(node, n, None))), None)
    if step is None or children is None:
        return None
    if re.search(rf"\w\.{step}\(\)", text) is None or _is_read(step, text):
        return None
    steps, operands, grad = step, children, interface.grad

    def run(root: Node) -> None:
        setattr(root, grad, 1.0)
        for node in reversed(_in_order(root, operands)):
            function = getattr(node, steps, None)
            if callable(function):
                function()

    return Way(f"{step}()", run, LOCAL_STEPS.format(f"{step}()"))


def _is_read(step: str, text: str) -> bool:
    """Whether a function of the file reads an attribute of that name, to call it."""
    try:
        tree = compile(text, FILE, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    except (ValueError, RecursionError):  # it nests too deep to be looked at
        return True
    functions = (f for f in walk(tree) if isinstance(f, FUNCTIONS))
    return any(_reads(step, node) for function in functions for node in walk(function))


def _reads(step: str, node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == step and isinstance(node.ctx, ast.Load)
    return isinstance(node, ast.Constant) and node.value == step  # getattr(node, "_backward")


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
