"""Computation graphs as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.report.model import Quantity

Number = int | float

BINARY = ("+", "-", "*", "/", "**")
IN_PLACE = ("+=", "-=", "*=", "/=", "**=")
FUNCTIONS = ("tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "sqrt", "abs")


class _Record:
    """Pickles as a class and its fields, which loads five times faster than a dataclass's own way.

    The cache of suites has about 10,000 steps.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[type[_Record], tuple[object, ...]]:
        return type(self), tuple(getattr(self, name) for name in self.__slots__)


@dataclass(frozen=True, slots=True)
class Constant(_Record):
    """A plain Python number used as an operand."""

    number: Number


Operand = int | Constant  # an int is the index of a node: 0 for the first


@dataclass(frozen=True, slots=True)
class Leaf(_Record):
    """Makes a node: `Value(number)`."""

    number: Number


@dataclass(frozen=True, slots=True)
class Apply(_Record):
    """Makes a node by an operation ("+", "+=", "neg", "tanh", ...) on one or two operands."""

    operation: str
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Backward(_Record):
    """Makes no node: runs `.backward()` on one."""

    node: int


@dataclass(frozen=True, slots=True)
class Update(_Record):
    """Makes a leaf by a step of gradient descent: `Value(w.data - 0.1 * w.grad)`."""

    node: int
    rate: Number


Step = Leaf | Apply | Update | Backward


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """An expected number in the program: `assert x.grad == 8`. `line` counts from 1."""

    name: str
    node: int
    quantity: Quantity
    number: Number
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A computation graph.

    `steps` are in order of execution; the first step that makes a node makes node 0.
    `names` maps each name to its node at the end of the program.
    `program` is the graph as Python text, with the numbers of the point.
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
