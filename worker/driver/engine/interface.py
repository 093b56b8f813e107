"""How a student spells the engine: what makes a leaf, holds the numbers and runs backward."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from operator import attrgetter, methodcaller
from types import GeneratorType
from typing import Any

from worker.driver.base.protocol import MOST_NAME, MOST_NOTE, MOST_NOTES, Answer

Node = Any
Step = tuple[Any, ...]  # an operation and its operands, as `worker/graph/wire.py` spells them
Namespace = dict[str, Any]

OPERATORS: dict[str, Callable[[Node, Node], Node]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "+=": operator.iadd,
    "-=": operator.isub,
    "*=": operator.imul,
    "/=": operator.itruediv,
    "**=": operator.ipow,
}
# What an operation never gives: a node is an object of the student's.
PLAIN: tuple[type, ...] = (
    type(None), bool, int, float, complex, str, bytes, tuple, list, dict, set, type(NotImplemented),
    GeneratorType,
)  # fmt: skip


class Interface:
    """The four parts of an engine by name, and the calls that they stand for.

    `read_data` and `read_grad` give what a node holds, and raise AttributeError where it has no
    such part. `run_backward` runs backward from a node. `forget` is called before each graph.
    """

    __slots__ = (
        "backward",
        "beginnings",
        "calls",
        "class_name",
        "data",
        "grad",
        "kind",
        "kinds",
        "make",
        "namespace",
        "notes",
        "operators",
        "plain",
        "read_data",
        "read_grad",
        "renewals",
        "run_backward",
        "steps",
    )

    def __init__(self, namespace: Namespace, make: Callable[[Any], Node]) -> None:
        self.namespace, self.make = namespace, make
        self.kind: type | None = None
        self.class_name: str | None = None
        self.keep_data("data")
        self.keep_grad("grad")
        self.backward = "backward()"
        self.run_backward: Callable[[Node], object] = methodcaller("backward")
        self.beginnings: list[Callable[[], object]] = []  # what each graph begins with
        self.renewals: list[Callable[[], object]] = []  # and what apart from it begins with
        self.operators = OPERATORS
        self.plain = PLAIN
        self.kinds: dict[int, type] = {}  # the classes that nodes have turned out to be of, by id
        self.calls: dict[tuple[int, str], Callable[[Node], Node]] = {}
        self.steps: Sequence[Step] = ()  # of the graph that is being made
        self.notes: list[str] = []

    def keep_data(self, name: str, read: Callable[[Node], Any] | None = None) -> None:
        """The number is read so: as the attribute of that name, where nothing else is said."""
        self.data = name
        self.read_data: Callable[[Node], Any] = read or attrgetter(name)

    def keep_grad(self, name: str, read: Callable[[Node], Any] | None = None) -> None:
        """The gradient is read so: as the attribute of that name, where nothing else is said."""
        self.grad = name
        self.read_grad: Callable[[Node], Any] = read or attrgetter(name)

    def forget(self) -> None:
        """Begins a new graph."""
        for begin in self.beginnings:
            begin()

    def note(self, text: str) -> None:
        """Keeps a sentence for the account, once."""
        text = text[:MOST_NOTE]
        if text not in self.notes and len(self.notes) < MOST_NOTES:
            self.notes.append(text)

    def to_answer(self) -> Answer:
        """The account of what was found."""
        found = {
            "class": self.class_name and self.class_name[:MOST_NAME],
            "data": self.data[:MOST_NAME],
            "grad": self.grad[:MOST_NAME],
            "backward": self.backward[:MOST_NAME],
            "notes": list(self.notes),
        }
        return {"interface": found}
