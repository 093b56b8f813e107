"""A report as the page shows it: what failed comes first, and all has its words and shapes."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.models import Grading, Status
from service.pages.text import visible
from worker.report import ProblemKind, Verdict

OPEN_AT_FIRST = 3  # failing cases of a suite that are unfolded; more would bury the next suite


@dataclass(frozen=True, slots=True)
class Look:
    """How a badge looks: colour, shape, word."""

    tone: str
    icon: str
    label: str


VERDICTS: Mapping[Verdict, Look] = {
    Verdict.PASSED: Look("good", "check", "Passed"),
    Verdict.WRONG_VALUE: Look("bad", "cross", "Wrong value"),
    Verdict.WRONG_GRADIENT: Look("bad", "cross", "Wrong gradient"),
    Verdict.UNSUPPORTED: Look("odd", "missing", "Not supported"),
    Verdict.ERROR: Look("bad", "alert", "Error"),
    Verdict.TIMEOUT: Look("bad", "clock", "Out of time"),
    Verdict.MEMORY_LIMIT: Look("bad", "limit", "Out of memory"),
    Verdict.OUTPUT_LIMIT: Look("bad", "limit", "Printed too much"),
    Verdict.CRASHED: Look("bad", "alert", "Crashed"),
    Verdict.NONDETERMINISTIC: Look("bad", "shuffle", "Not repeatable"),
    Verdict.INVALID_OUTPUT: Look("bad", "alert", "Not a number"),
}

STATUSES: Mapping[Status, Look] = {
    Status.QUEUED: Look("busy", "clock", "Queued"),
    Status.RUNNING: Look("busy", "clock", "Grading"),
    Status.DONE: Look("good", "check", "Graded"),
    Status.ERRORED: Look("odd", "alert", "Not graded"),
}

PROBLEMS: Mapping[ProblemKind, str] = {
    ProblemKind.SYNTAX_ERROR: "Python cannot read this file",
    ProblemKind.LOAD_ERROR: "The file stops with an error when it is loaded",
    ProblemKind.NO_CLASS: "There is no class in it that could be a Value",
    ProblemKind.AMBIGUOUS_CLASS: "More than one class could be the Value",
    ProblemKind.STOPPED: "The file was stopped while it was loaded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case with its badge; `open` when its details are unfolded at first."""

    id: str
    title: str
    look: Look
    open: bool
    message: str
    program: str
    checks: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite whose failing cases come first."""

    name: str
    title: str
    score: float
    max_score: float
    passed: int
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What kept the file from being graded case by case, with the line that it points at."""

    title: str
    message: str
    line: int | None
    column: int | None
    source_line: str
    caret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report ready for the template."""

    score: float
    max_score: float
    suites: tuple[Suite, ...]
    problem: Trouble | None
    stdout: str
    stderr: str
    provenance: Mapping[str, Any]

    @property
    def share(self) -> float:
        """The score as a part of what could be had, from 0 to 1."""
        return min(1.0, max(0.0, self.score / self.max_score)) if self.max_score > 0 else 0.0


def show(report: Mapping[str, Any]) -> Shown:
    """Prepare the JSON of a report."""
    problem = report.get("problem")
    return Shown(
        score=report["score"],
        max_score=report["max_score"],
        suites=tuple(_suite(suite, folded=problem is not None) for suite in report["suites"]),
        problem=_trouble(problem) if problem else None,
        stdout=report["stdout"],
        stderr=report.get("stderr", ""),
        provenance=report["provenance"],
    )


def summarise(grading: Grading, shown: Shown | None, position: int | None) -> str:
    """Where a grading stands, in one sentence."""
    if shown is None:
        if grading.status is Status.QUEUED:
            return "Next in the queue." if position == 1 else f"Number {position} in the queue."
        return "Grading now." if grading.status is Status.RUNNING else "This could not be graded."
    if shown.problem is not None:
        return f"{shown.problem.title}, so no case could pass."
    total = sum(len(suite.cases) for suite in shown.suites)
    passed = sum(suite.passed for suite in shown.suites)
    if passed == total:
        return f"All {total} cases passed."
    return f"{passed} of {total} cases passed."


def _suite(suite: Mapping[str, Any], *, folded: bool) -> Suite:
    ordered = sorted(suite["cases"], key=lambda case: case["verdict"] == Verdict.PASSED)
    return Suite(
        name=suite["name"],
        title=suite["title"],
        score=suite["score"],
        max_score=suite["max_score"],
        passed=sum(case["verdict"] == Verdict.PASSED for case in ordered),
        cases=tuple(
            _case(case, opened=not folded and place < OPEN_AT_FIRST)
            for place, case in enumerate(ordered)
        ),
    )


def _case(case: Mapping[str, Any], *, opened: bool) -> Case:
    verdict = Verdict(case["verdict"])
    return Case(
        id=case["id"],
        title=case["title"],
        look=VERDICTS[verdict],
        open=opened and verdict is not Verdict.PASSED,
        message=case["message"],
        program=case["program"],
        checks=case["checks"],
    )


def _trouble(problem: Mapping[str, Any]) -> Trouble:
    source_line = (problem.get("source_line") or "").rstrip("\n")
    column = problem.get("column")
    return Trouble(
        title=PROBLEMS[ProblemKind(problem["kind"])],
        message=problem["message"],
        line=problem.get("line"),
        column=column,
        source_line=source_line,
        caret=_caret(source_line, column),
    )


def _caret(source_line: str, column: int | None) -> str:
    # Tabs stay tabs and wide characters wide, so that the caret stands under its character.
    if column is None:
        return ""
    before = visible(source_line[: column - 1])
    return "".join(map(_blank, before)).ljust(column - 1) + "^"


def _blank(char: str) -> str:
    if char == "\t":
        return char
    return "\u3000" if unicodedata.east_asian_width(char) in {"W", "F"} else " "
