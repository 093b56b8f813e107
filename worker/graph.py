"""Computation graphs as data, and their programs: the same graphs spelled in Python.

A program is parsed with `ast` and never executed. See `parse`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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


Step = Leaf | Apply | Backward


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A computation graph.

    `steps` in order of execution; the n-th step that makes a node makes node n.
    `names` maps each name to the node that it stands for at the end of the program.
    """

    steps: tuple[Step, ...]
    names: Mapping[str, int]
    program: str
