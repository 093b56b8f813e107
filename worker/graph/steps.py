"""Computation graphs as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.report.model import Quantity

Number = int | float

BINARY = ("+", "-", "*", "/", "**")
IN_PLACE = ("+=", "-=", "*=", "/=", "**=")
FUNCTIONS = ("tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "sqrt", "abs")


@dataclass(frozen=True, slots=True)
class Constant:
    """A plain Python number used as an operand."""

    number: Number


Operand = int | Constant  # an int is a node: its index in the order of making


@dataclass(frozen=True, slots=True)
class Leaf:
    """Makes a node: `Value(number)`."""

    number: Number


@dataclass(frozen=True, slots=True)
class Apply:
    """Makes a node: an operation ("+", "+=", "neg", "tanh", ...) on one or two operands."""

    operation: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Backward:
    """Makes no node: runs `.backward()` on one."""

    node: int


@dataclass(frozen=True, slots=True)
class Update:
    """Makes a fresh leaf, a step of gradient descent on: `Value(w.data - 0.1 * w.grad)`."""

    node: int
    rate: Number


Step = Leaf | Apply | Update | Backward


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """A number known in advance, as in `assert x.grad == 8`. `line` counts from 1."""

    name: str
    node: int
    quantity: Quantity
    number: Number
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A computation graph.

    `steps` in order of execution; the n-th step that makes a node makes node n.
    `names` maps each name to the node that it stands for at the end of the program.
    `program` is the graph spelled in Python, with every point filled in.
    """

    steps: tuple[Step, ...]
    names: Mapping[str, int]
    program: str
    assertions: tuple[Assertion, ...] = ()

    @property
    def nodes(self) -> tuple[Leaf | Apply | Update, ...]:
        """The steps that make a node; node n is at index n."""
        return tuple(step for step in self.steps if not isinstance(step, Backward))

    @property
    def outputs(self) -> tuple[int, ...]:
        """The nodes that `.backward()` is called on."""
        return tuple(step.node for step in self.steps if isinstance(step, Backward))
