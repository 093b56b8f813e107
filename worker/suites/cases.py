"""Suites and their cases as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from worker.graph import Graph, Question
from worker.reference.gradient_check import Probe
from worker.report.model import CaseReport, Check, Cost, Quantity, Verdict
from worker.suites.shown_programs import (
    OWN_SLOPE,
    is_exact,
    is_leaf_value,
    write_program,
    write_question,
)


class Expectation(NamedTuple):  # the suites have thousands: the cheapest value to load
    """One expected number. A number is right if |actual - expected| <= tolerance.

    `optional` is true for the gradient of a node that no output depends on. An engine may leave
    such a gradient None.
    """

    name: str
    node: int
    quantity: Quantity
    expected: float
    tolerance: float
    optional: bool = False


class Kind(StrEnum):
    """What a case compares an engine's numbers with."""

    NUMBERS = "numbers"  # with the reference
    GRADIENT_CHECK = "gradient-check"  # gradients, with differences of the engine's own forward
    CONVENTION = "convention"  # with several accepted answers; reported, without points
    GROWTH = "growth"  # with the reference; time and memory are reported


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One accepted answer where mathematics leaves a choice, and the sentence that reports it.

    `due` has pairs of a position in the case's expectations and the number there, or None. An
    answer with a `verdict` is that of an engine that doesn't support the question.
    """

    sentence: str
    due: tuple[tuple[int, float | None], ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """One graph at one point, with the numbers of a correct engine.

    `establishes` is the rule that the case tests, `needs` are the other rules in its graph, and
    `shapes` are shapes of the graph that backward must handle. A gradient check has a `probe`, and
    expects the gradients of leaves, then the values of outputs. Cases of one graph at several
    points share `graph_id`, `graph_title` and `topic`; see `worker.report.model.CaseSummary`.
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
        """The graph and the numbers to ask for: those of `reads`, then those of the probe."""
        if self.probe is not None:
            graph, reads = self.probe.after(self.graph)
            return Question(graph=graph, reads=(*self.reads, *reads))
        return Question(graph=self.graph, reads=self.reads, measure=self.kind is Kind.GROWTH)

    @property
    def reads(self) -> tuple[tuple[int, Quantity], ...]:
        """The node and the quantity of each expectation."""
        return tuple((due.node, due.quantity) for due in self.expectations)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """The expected numbers, in the order of the expectations."""
        return tuple(due.expected for due in self.expectations)

    @cached_property
    def is_exact(self) -> bool:
        """Whether no correct engine rounds any of the numbers."""
        return self.kind is not Kind.GRADIENT_CHECK and is_exact(self.graph)

    @cached_property
    def program(self) -> str:
        """The graph with assertions of the expected numbers, as a program to show and run."""
        return self._write_program(self.fulfilled_checks)

    @cached_property
    def fulfilled_checks(self) -> tuple[Check, ...]:
        """The comparisons of an engine whose numbers are exactly the expected ones."""
        return tuple(
            Check(due.name, due.quantity, due.expected, due.expected, 0.0, due.tolerance, True)
            for due in self.expectations
        )

    @cached_property
    def fulfilled(self) -> CaseReport:
        """The report of an engine whose numbers are exactly the expected ones.

        Most reports are this one, so it is cached. (0.0 and -0.0 are the same number.)
        """
        return self.report(Verdict.PASSED, checks=self.fulfilled_checks)

    def report(
        self,
        verdict: Verdict,
        message: str = "",
        checks: tuple[Check, ...] = (),
        cost: Cost | None = None,
    ) -> CaseReport:
        """Returns a report on this case.

        Its program asserts the numbers that these checks were compared with. If the case passed
        with other numbers, they are those of an accepted answer, and `message` is its sentence.
        """
        accepted = message if checks and verdict is Verdict.PASSED else ""
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
            program=self._write_program(checks, accepted)
            if accepted or not all(map(self._is_ordinary, self.expectations, checks))
            else self.program,
            checks=checks,
            rule=self.establishes,
            cost=cost,
        )

    def _is_ordinary(self, due: Expectation, check: Check) -> bool:
        """Whether the assertion of a check is in `program`, whatever the engine's number is."""
        if check.tolerance != due.tolerance or check.expected != due.expected:
            return False
        if check.passed:
            if check.actual is None:
                return False
            return check.actual == due.expected or due.optional or not self.is_exact
        return check.actual is not None and not is_leaf_value(self.graph, check)

    def _write_program(self, checks: tuple[Check, ...], accepted: str = "") -> str:
        if self.kind is Kind.CONVENTION:
            return write_question(self.graph, checks)
        return write_program(
            self.graph,
            checks,
            exact=self.is_exact,
            optional=[due.name for due in self.expectations if due.optional],
            accepted=accepted,
            comment=OWN_SLOPE if self.kind is Kind.GRADIENT_CHECK else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A versioned set of cases. `weight` is its points unless an assignment sets others.

    `random`: the graphs are generated from a seed.
    """

    name: str
    title: str
    about: str
    version: str
    weight: float
    cases: tuple[Case, ...]
    random: bool = False


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
    """An error in a suite's file. `line` counts from 1 in the file."""

    def __init__(self, file: str, reason: str, *, case: str | None = None, line: int = 1) -> None:
        where = f"{file}, line {line}" if case is None else f"{file}, case {case}, line {line}"
        super().__init__(f"{where}: {reason}")
        self.file = file
        self.case = case
        self.line = line
        self.reason = reason
