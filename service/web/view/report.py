"""A report as the page shows it: what to mend first, and apart what gives no points."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.feedback import summary
from service.feedback.summary import BrokenRule, Found, Json
from service.feedback.visible_text import visible
from service.submissions.models import Grading, Status
from service.web.view.badges import PROBLEMS
from service.web.view.suites import Suite, Unfolded, is_missing, prepare_suite
from worker.report.model import ProblemKind
from worker.suites.rules import spell_rule

OPEN_AT_FIRST = 3  # failing cases that are unfolded; more would bury the suites after them


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
    """A report ready for the template: `needed` is what cases that are not judged need, `told` are
    the suites that give no points.
    """

    score: float
    max_score: float
    passed: int
    judged: int
    not_judged: int
    needed: str
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
    passed, judged = summary.count_marked(report)
    broken = [] if problem else summary.find_broken_rules(report)
    opened = set() if problem else _find_opened(report, broken)
    linked = {rule.cases[0].address for rule in broken}  # from what is to be mended
    unfolded = Unfolded(inline=linked | opened, open=opened)
    marked = [suite for suite in report["suites"] if summary.is_marked(suite) or problem]
    told = [suite for suite in report["suites"] if suite not in marked]
    return Shown(
        score=report["score"],
        max_score=report["max_score"],
        passed=passed,
        judged=judged,
        not_judged=sum(map(summary.count_not_judged, marked)),
        needed=spell_rule(broken[0].rule) if len(broken) == 1 else "what is wrong or missing",
        interface=summary.tell_interface(interface) if interface else "",
        notes=interface["notes"] if interface else (),
        wrong=tuple(rule for rule in broken if not rule.missing),
        missing=tuple(rule for rule in broken if rule.missing),
        suites=tuple(prepare_suite(suite, unfolded) for suite in marked),
        told=tuple(prepare_suite(suite, unfolded) for suite in told),
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
    if shown.not_judged:
        passed = f"{shown.passed} {'test' if shown.passed == 1 else 'tests'} passed"
        failed = shown.judged - shown.passed
        return f"{passed}, {failed} failed, {shown.not_judged} couldn't be tested."
    if shown.passed == shown.judged:
        return f"All {shown.judged} cases passed."
    return f"{shown.passed} of {shown.judged} cases passed."


def _find_opened(report: Json, broken: Sequence[BrokenRule]) -> set[str]:
    """The cases to be seen at once: the simplest of each rule that is wrong, or where none is the
    first of each graph that fails. Of what is missing there is nothing to see.
    """
    first = [rule.cases[0] for rule in broken if not rule.missing]
    if not first:
        marked = [suite for suite in report["suites"] if summary.is_marked(suite)]
        graphs: dict[str, Found] = {}
        for found in summary.find_failing(marked):
            if not is_missing(found):
                graphs.setdefault(found.graph, found)
        first = list(graphs.values())
    return {found.address for found in first[:OPEN_AT_FIRST]}


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
