"""A report as the page shows it: what to mend comes first, and what is only told stands apart."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from service import findings
from service.findings import BrokenRule, Json
from service.models import Grading, Status
from service.pages.cases import Case, prepare_case, prepare_links
from service.pages.curves import Curve, draw_curve
from service.pages.looks import PROBLEMS
from service.visible import visible
from worker.report import ProblemKind
from worker.tally import counts

OPEN_AT_FIRST = 3  # failing cases that are unfolded; more would bury the suites after them


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite: what fails, what fails because of something else, and what is right.

    `uncounted` passes although it needs what is broken, and earns nothing by that. `told` are
    cases that pass and have something to tell; `curves` how cost grows.
    """

    name: str
    title: str
    score: float
    max_score: float
    passed: int
    counted: int
    failing: tuple[Case, ...]
    blocked: tuple[Case, ...]
    because: str
    right: tuple[Case, ...]
    uncounted: tuple[Case, ...]
    told: tuple[Case, ...]
    curves: tuple[Curve, ...]


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
    """A report ready for the template; `told` are the suites that give no points."""

    score: float
    max_score: float
    passed: int
    counted: int
    blocked: int
    interface: str
    notes: Sequence[str]
    wrong: tuple[BrokenRule, ...]
    missing: tuple[BrokenRule, ...]
    suites: tuple[Suite, ...]
    told: tuple[Suite, ...]
    problem: Trouble | None
    stdout: str
    stderr: str
    provenance: Mapping[str, Any]

    @property
    def share(self) -> float:
        """The score as a part of what could be had, from 0 to 1."""
        return min(1.0, max(0.0, self.score / self.max_score)) if self.max_score > 0 else 0.0


def show(report: Json) -> Shown:
    """Prepare the JSON of a report."""
    problem, interface = report.get("problem"), report.get("interface")
    passed, counted = findings.count_marked(report)
    broken = [] if problem else findings.find_broken_rules(report)
    unfolded = set() if problem else _find_unfolded(report, broken)
    linked = {rule.cases[0].address for rule in broken}  # from what is to be mended
    marked = [suite for suite in report["suites"] if findings.is_marked(suite) or problem]
    told = [suite for suite in report["suites"] if suite not in marked]
    return Shown(
        score=report["score"],
        max_score=report["max_score"],
        passed=passed,
        counted=counted,
        blocked=sum(findings.is_blocked(case) for suite in marked for case in suite["cases"]),
        interface=findings.tell_interface(interface) if interface else "",
        notes=interface["notes"] if interface else (),
        wrong=tuple(rule for rule in broken if not rule.missing),
        missing=tuple(rule for rule in broken if rule.missing),
        suites=tuple(_suite(suite, linked | unfolded, unfolded) for suite in marked),
        told=tuple(_suite(suite, linked, frozenset()) for suite in told),
        problem=_trouble(problem) if problem else None,
        stdout=report["stdout"],
        stderr=report.get("stderr", ""),
        provenance=report["provenance"],
    )


def summarise(grading: Grading, shown: Shown | None, position: int | None) -> str:
    """Where a grading stands, in a sentence or two."""
    if shown is None:
        if grading.status is Status.QUEUED:
            return "Next in the queue." if position == 1 else f"Number {position} in the queue."
        return "Grading now." if grading.status is Status.RUNNING else "This could not be graded."
    if shown.problem is not None:
        return f"{shown.problem.title}, so no case could pass."
    if shown.passed == shown.counted and not shown.blocked:
        return f"All {shown.counted} cases passed."
    summary = f"{shown.passed} of {shown.counted} cases passed."
    if shown.blocked:
        more = "1 more fails" if shown.blocked == 1 else f"{shown.blocked} more fail"
        summary += f" {more} because of what is wrong there, worth what the others earn."
    return summary


def _find_unfolded(report: Json, broken: Sequence[BrokenRule]) -> set[str]:
    """The cases to be seen at once: the simplest of what is wrong, then the first that fail.

    Of what is missing there is nothing to see.
    """
    first = [rule.cases[0] for rule in broken if not rule.missing]
    marked = [suite for suite in report["suites"] if findings.is_marked(suite)]
    missing = {rule.rule for rule in broken if rule.missing}
    others = [
        found
        for found in findings.find_failing(marked)
        if found not in first and found.case.get("rule") not in missing
    ]
    return {found.address for found in [*first, *others][:OPEN_AT_FIRST]}


def _suite(suite: Json, inline: Set[str], unfolded: Set[str]) -> Suite:
    name, cases = suite["name"], suite["cases"]
    passed, counted = findings.count(suite)
    growth = findings.find_growth(suite)
    measured = {each.case for each in growth}
    told = findings.find_sentences(suite)
    plain = [case for case in cases if case["id"].partition("@")[0] not in measured]
    right = [case for case in plain if findings.has_passed(case) and case not in told]
    marked = findings.is_marked(suite)
    uncounted = [case for case in right if marked and not counts(case)]
    rules = {rule: None for case in cases for rule in case.get("blocked_by", ())}
    return Suite(
        name=name,
        title=suite["title"],
        score=suite["score"],
        max_score=suite["max_score"],
        passed=passed,
        counted=counted,
        failing=tuple(
            prepare_case(found, inline=found.address in inline, opened=found.address in unfolded)
            for found in findings.find_failing([{**suite, "cases": plain}])
        ),
        blocked=prepare_links(name, filter(findings.is_blocked, plain)),
        because=findings.name_rules(list(rules)),
        right=prepare_links(name, (case for case in right if case not in uncounted)),
        uncounted=prepare_links(name, uncounted),
        told=prepare_links(name, told),
        curves=tuple(map(draw_curve, growth)),
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
