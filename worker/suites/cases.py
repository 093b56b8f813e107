"""Suites and their cases as values."""

from __future__ import annotations

from dataclasses import dataclass

from worker.graph import Graph
from worker.report import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One number that is due: |actual - expected| <= tolerance.

    `optional` where no output depends on the node: an engine may then keep no gradient at all.
    """

    name: str
    node: int
    quantity: Quantity
    expected: float
    tolerance: float
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One graph at one point, and what a correct engine finds there."""

    id: str
    title: str
    graph: Graph
    expectations: tuple[Expectation, ...]

    @property
    def reads(self) -> tuple[tuple[int, Quantity], ...]:
        """The numbers to ask an engine for, in the order of the expectations."""
        return tuple((due.node, due.quantity) for due in self.expectations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A versioned set of cases. `weight` is the points it gives where nobody says otherwise."""

    name: str
    title: str
    about: str
    version: str
    weight: float
    cases: tuple[Case, ...]


class SuiteError(Exception):
    """A suite's file is at fault. `line` counts from 1 in the file."""

    def __init__(self, file: str, reason: str, *, case: str | None = None, line: int = 1) -> None:
        place = f"{file}, line {line}" if case is None else f"{file}, case {case}, line {line}"
        super().__init__(f"{place}: {reason}")
        self.file = file
        self.case = case
        self.line = line
        self.reason = reason
