"""A node of a simulated engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worker.grading.diagnosis.rules import Rule


class Node:
    """A node of a simulated engine."""

    __slots__ = (
        "children",
        "data",
        "extra",
        "grad",
        "made",
        "numbers",
        "operands",
        "rule",
        "step",
    )

    def __init__(self, data: float, made: int) -> None:
        self.data = data
        self.grad: Any = 0.0
        self.made = made
        self.rule: Rule | None = None
        self.operands: tuple[Node, ...] = ()
        self.children: Sequence[Node] = ()
        self.numbers = 0.0
        self.extra: Any = None
        self.step: Node | None = self  # the node whose shares are handed on when it is visited
