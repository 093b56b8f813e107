"""Feedback levels: what somebody sees of a submission's result.

A reduced report is a value of its own type. It has no field for anything that is hidden, so no page
and no answer can show it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from worker.report.model import (
    CaseReport,
    CaseSummary,
    Check,
    Interface,
    LedgerLine,
    Problem,
    Provenance,
    Quantity,
    SuiteSummary,
    Summary,
    Verdict,
)

NOT_REPEATABLE = "Two runs of this test gave different results."


class Level(StrEnum):
    """How much of a report somebody sees. The values are those of an assignment's `feedback`."""

    FULL = "full"
    TESTS = "tests"
    SCORE = "score"
    NOTHING = "nothing_until_deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody sees of the results of an assignment.

    `points` says whether scores and marks are shown, `solutions` whether right formulas are, too.
    `until` is when `NOTHING` ends; None if no deadline ends it.
    """

    level: Level
    points: bool
    solutions: bool = False
    until: datetime | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing of a result is hidden, apart from the right formulas."""
        return self.level is Level.FULL and self.points


STAFF = Sight(level=Level.FULL, points=True, solutions=True)


def choose_sight(
    feedback: str, *, held: bool, last_deadline: datetime | None, moment: datetime
) -> Sight:
    """Returns what students see at a moment. `held`: scores and marks aren't released yet.

    `last_deadline` is the last one of anybody in the assignment, with its grace. After it,
    `NOTHING` is `FULL`.
    """
    level = Level(feedback)
    if level is Level.NOTHING:
        if last_deadline is None or moment <= last_deadline:
            return Sight(level=level, points=False, until=last_deadline)
        level = Level.FULL
    return Sight(level=level, points=not held)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNumber:
    """A number that a student's engine has; None if it had none there."""

    node: str
    quantity: Quantity
    actual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOutcome:
    """A case without anything that says what would be right.

    `program` is its graph without assertions, `checks` are the engine's own numbers. Both are empty
    in a list of cases.
    """

    id: str
    title: str
    graph: str
    point: Mapping[str, float] = field(default_factory=dict)
    size: float | None = None
    verdict: Verdict
    message: str
    program: str = ""
    checks: tuple[OwnNumber, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every comparison was right."""
        return self.verdict is Verdict.PASSED


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteOutcome:
    """A suite's cases. `score` is None while points aren't shown."""

    name: str
    title: str
    score: float | None
    max_score: float
    cases: tuple[CaseOutcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteLoss:
    """What was lost in a suite: by how many tests, and how many points."""

    suite: str
    tests: int
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeReport:
    """A report of level `TESTS`: no expected numbers, causes, diagnoses or counterexample.

    Without points, `score`, `max_score` and `ledger` are None.
    """

    score: float | None
    max_score: float | None
    suites: tuple[SuiteOutcome, ...]
    ledger: tuple[SuiteLoss, ...] | None
    problem: Problem | None
    interface: Interface | None
    stdout: str
    stderr: str
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreReport:
    """A report of level `SCORE`. Without points, `score` and `max_score` are None."""

    score: float | None
    max_score: float | None
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemReport:
    """A report of level `NOTHING`: only what stopped the file, since that is about the file."""

    problem: Problem | None


Reduced = OutcomeReport | ScoreReport | ProblemReport


def reduce_to_tests(report: Summary, *, points: bool) -> OutcomeReport:
    """Returns a report without anything that says what would be right, or why something is wrong.

    Warnings, losses of precision and the rules of cases name a cause, so they are left out.
    """
    return OutcomeReport(
        score=report.score if points else None,
        max_score=report.max_score if points else None,
        suites=tuple(_reduce_suite(suite, points) for suite in report.suites),
        ledger=_add_up(report.ledger) if points and report.ledger is not None else None,
        problem=report.problem,
        interface=report.interface
        and dataclasses.replace(report.interface, warning="", unseeded=False),
        stdout=report.stdout,
        stderr=report.stderr,
        provenance=report.provenance,
    )


def hide_points(report: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a whole report's JSON without scores, and without the points of each cause."""
    suites = [
        {
            **suite,
            "score": None,
            "cases": [{**case, "credit": None} for case in suite["cases"]],
        }
        for suite in report["suites"]
    ]
    return {**report, "score": None, "max_score": None, "suites": suites, "ledger": None}


def _reduce_suite(suite: SuiteSummary, points: bool) -> SuiteOutcome:
    return SuiteOutcome(
        name=suite.name,
        title=suite.title,
        score=suite.score if points else None,
        max_score=suite.max_score,
        cases=tuple(map(_reduce_case, suite.cases)),
    )


def _reduce_case(case: CaseSummary) -> CaseOutcome:
    details = case if isinstance(case, CaseReport) else None
    return CaseOutcome(
        id=case.id,
        title=case.title,
        graph=case.graph,
        point=case.point,
        size=case.size,
        verdict=case.verdict,
        message=_reduce_message(case),
        program=_leave_out_assertions(details.program) if details else "",
        checks=_list_own_numbers(details.checks) if details else (),
    )


def _reduce_message(case: CaseSummary) -> str:
    """The message of a case, if nothing was compared: then it comes from the file's own run.

    That of a case that passed says which convention the engine follows.
    """
    if case.verdict is Verdict.NONDETERMINISTIC:
        return NOT_REPEATABLE
    compared = {Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT}
    has_checks = isinstance(case, CaseReport) and bool(case.checks)
    if case.verdict in compared or (has_checks and not case.passed):
        return ""
    return case.message


def _leave_out_assertions(program: str) -> str:
    """The lines that build the graph. Each assertion is a line of its own."""
    lines = (line for line in program.splitlines() if not line.lstrip().startswith("assert"))
    return "\n".join(lines)


def _list_own_numbers(checks: Iterable[Check]) -> tuple[OwnNumber, ...]:
    return tuple(
        OwnNumber(node=check.node, quantity=check.quantity, actual=check.actual) for check in checks
    )


def _add_up(ledger: Iterable[LedgerLine]) -> tuple[SuiteLoss, ...]:
    """The lines of each suite as one, so that no cause is named."""
    found: dict[str, list[LedgerLine]] = {}
    for line in ledger:
        found.setdefault(line.suite, []).append(line)
    return tuple(
        SuiteLoss(
            suite=suite,
            tests=sum(line.tests for line in lines),
            points=round(sum(line.points for line in lines), 2),
        )
        for suite, lines in found.items()
    )
