"""Computation graphs as data, and as programs in a small part of Python.

A program is parsed with `ast` and never executed. See `parse`.
"""

from worker.graph.parser import parse
from worker.graph.steps import (
    BINARY,
    FUNCTIONS,
    IN_PLACE,
    Apply,
    Assertion,
    Backward,
    Constant,
    Graph,
    Leaf,
    Number,
    Operand,
    Step,
    Update,
)
from worker.graph.text import ProgramError
from worker.graph.wire import Question, to_wire

__all__ = [
    "BINARY",
    "FUNCTIONS",
    "IN_PLACE",
    "Apply",
    "Assertion",
    "Backward",
    "Constant",
    "Graph",
    "Leaf",
    "Number",
    "Operand",
    "ProgramError",
    "Question",
    "Step",
    "Update",
    "parse",
    "to_wire",
]
