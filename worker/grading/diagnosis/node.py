"""A node of a simulated engine."""

from __future__ import annotations

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
        "users",
    )

    def __init__(self, data: float, made: int) -> None:
        self.data = data
        self.grad: Any = 0.0
        self.made = made
        self.rule: Rule | None = None
        self.operands: tuple[Node, ...] = ()
        self.children: list[Node] = []
        self.numbers = 0.0
        self.users: list[Node] = []
        self.extra: Any = None
        self.step: Node | None = self  # the node whose shares are handed on when it is visited
