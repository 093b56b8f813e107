"""Suites and their cases as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from worker.graph import Graph, Question
from worker.reference.gradient_check import Probe
from worker.report.model import CaseReport, Check, Cost, Quantity, Verdict


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


class Kind(StrEnum):
    """How a case is judged."""

    NUMBERS = "numbers"  # against the reference
    GRADIENT_CHECK = "gradient-check"  # gradients against differences of the engine's own forward
    CONVENTION = "convention"  # told, never marked
    GROWTH = "growth"  # against the reference, and what it cost is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One honest way to settle what mathematics leaves open, and the sentence that tells it.

    It is found by what is read (`due`: the place among the expectations, and the number there or
    None), or by the verdict of an engine that does not go along.
    """

    sentence: str
    due: tuple[tuple[int, float | None], ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One graph at one point, and what a correct engine finds there.

    `establishes` is the rule that the case is there to test, `needs` the others that its graph
    takes for granted, and `shapes` what it asks of backward beside rules. A gradient check has a
    `probe`, and expects gradients of leaves alone. Cases of one graph at several points share
    `graph_id`, `graph_title` and `topic`; see `worker.report.model.CaseSummary`.
    """

    id: str
    title: str
    graph_id: str
    graph_title: str
    topic: str
    point: Mapping[str, float] = field(default_factory=dict)
    size: float | None = None
    graph: Graph
    expectations: tuple[Expectation, ...]
    kind: Kind = Kind.NUMBERS
    establishes: str | None = None
    needs: frozenset[str] = frozenset()
    shapes: frozenset[str] = frozenset()
    answers: tuple[Answer, ...] = ()
    probe: Probe | None = None

    @cached_property
    def question(self) -> Question:
        """What to ask an engine: the numbers in the order of the expectations, then a probe's."""
        if self.probe is not None:
            graph, reads = self.probe.after(self.graph)
            return Question(graph=graph, reads=(*self.reads, *reads))
        return Question(graph=self.graph, reads=self.reads, measure=self.kind is Kind.GROWTH)

    @property
    def reads(self) -> tuple[tuple[int, Quantity], ...]:
        """The numbers to ask an engine for, in the order of the expectations."""
        return tuple((due.node, due.quantity) for due in self.expectations)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that are due, in the order in which they are asked for."""
        return tuple(due.expected for due in self.expectations)

    @cached_property
    def fulfilled(self) -> CaseReport:
        """The report of an engine that finds the very same numbers, though the sign of a zero may
        be another. Kept, as most engines do."""
        checks = tuple(
            Check(due.name, due.quantity, due.expected, due.expected, 0.0, due.tolerance, True)
            for due in self.expectations
        )
        return self.report(Verdict.PASSED, checks=checks)

    def report(
        self,
        verdict: Verdict,
        message: str = "",
        checks: tuple[Check, ...] = (),
        cost: Cost | None = None,
    ) -> CaseReport:
        """What an engine did on this case."""
        return CaseReport(
            id=self.id,
            title=self.title,
            graph=self.graph_id,
            graph_title=self.graph_title,
            topic=self.topic,
            point=self.point,
            size=self.size,
            verdict=verdict,
            message=message,
            program=self.graph.program,
            checks=checks,
            rule=self.establishes,
            cost=cost,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A versioned set of cases. `weight` is the points it gives where nobody says otherwise.

    `twice` where it is run in two memory layouts, whose numbers must agree; `drawn` where its
    graphs are drawn from a seed.
    """

    name: str
    title: str
    about: str
    version: str
    weight: float
    cases: tuple[Case, ...]
    twice: bool = False
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a suite's file says about it before any numbers are computed.

    `order` is the suite's position in lists; a suite without one comes last. `cases` is how many
    it has.
    """

    name: str
    title: str
    about: str
    version: str
    weight: float
    order: float
    cases: int


class SuiteError(Exception):
    """A suite's file is at fault. `line` counts from 1 in the file."""

    def __init__(self, file: str, reason: str, *, case: str | None = None, line: int = 1) -> None:
        place = f"{file}, line {line}" if case is None else f"{file}, case {case}, line {line}"
        super().__init__(f"{place}: {reason}")
        self.file = file
        self.case = case
        self.line = line
        self.reason = reason
