"""A report as the page shows it: what to fix first, the suites, then suites without points."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.feedback import summary
from service.feedback.ledger import Loss, find_losses
from service.feedback.to_fix import ToFix, find_to_fix
from service.feedback.unfolded import choose_unfolded
from service.feedback.visible_text import visible
from service.feedback.wording import PROBLEMS, tests
from service.submissions.models import Grading, Status
from service.web.view.cases import draw_case, prepare_case
from service.web.view.drawing import Drawing
from service.web.view.suites import Suite, prepare_suite
from worker.report.model import Problem, Provenance, Summary
from worker.suites.rules import spell_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why no test of the file could run, and the line of the problem."""

    title: str
    message: str
    line: int | None
    column: int | None
    source_line: str
    caret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report ready for the template.

    `points` says whether scores are shown. If not, they are all 0, of 0. `needed` says what the
    untested cases of an older report need. `losses` is None there, and where the whole file
    couldn't be tested. `for_information` are the suites without points.
    """

    points: bool
    score: float
    max_score: float
    passed: int
    tested: int
    untested: int
    needed: str
    losses: tuple[Loss, ...] | None
    warning: str
    interface: str
    notes: Sequence[str]
    fix: ToFix
    suites: tuple[Suite, ...]
    for_information: tuple[Suite, ...]
    problem: Trouble | None
    stdout: str
    stderr: str
    provenance: Provenance

    @property
    def share(self) -> float:
        """The score as a share of the possible points, from 0 to 1."""
        return min(1.0, max(0.0, self.score / self.max_score)) if self.max_score > 0 else 0.0


def show(report: Summary, *, points: bool = True) -> Shown:
    """Prepare a report, or the summary of one. Without `points`, no score of it is left."""
    if not points:
        report = _without_points(report)
    passed, tested = summary.count_report(report)
    fix = find_to_fix(report)
    broken = (*fix.wrong, *fix.missing)
    unfolded = choose_unfolded(report)
    main = [suite for suite in report.suites if suite.gives_points or report.problem]
    rest = [suite for suite in report.suites if suite not in main]
    lacking = frozenset(rule.rule for rule in broken if rule.missing and report.ledger is not None)
    several = "something that's wrong or missing"
    return Shown(
        points=points,
        score=report.score,
        max_score=report.max_score,
        passed=passed,
        tested=tested,
        untested=sum(map(summary.count_untested, main)),
        losses=None
        if report.ledger is None or report.problem is not None
        else tuple(find_losses(report)),
        needed=spell_rule(broken[0].rule) if len(broken) == 1 else several,
        warning=" ".join(summary.list_warnings(report)),
        interface=summary.describe_interface(report.interface) if report.interface else "",
        notes=summary.list_notes(report),
        fix=fix,
        suites=tuple(
            _show_suite(prepare_suite(suite, unfolded, lacking, report.ledger or ()), points)
            for suite in main
        ),
        for_information=tuple(prepare_suite(suite, unfolded, lacking) for suite in rest),
        problem=describe_problem(report.problem) if report.problem else None,
        stdout=report.stdout,
        stderr=report.stderr,
        provenance=report.provenance,
    )


def _without_points(report: Summary) -> Summary:
    """The report without its scores and lost points. Suites keep theirs until they are prepared."""
    ledger = None if report.ledger is None else ()
    return replace(report, score=0.0, max_score=0.0, ledger=ledger)


def _show_suite(suite: Suite, points: bool) -> Suite:
    return suite if points else replace(suite, score=0.0, max_score=0.0)


def draw_first(report: Summary, shown: Shown, seed: int, *, theirs: bool = False) -> Drawing | None:
    """The drawing of the test that is shown with the first thing to fix, if its details are here.

    The seed is that of the grading. `theirs`: the engine isn't the reader's own.
    """
    first = prepare_case(shown.fix.first) if shown.fix.first else None
    return draw_case(report, first, seed, theirs=theirs) if first and first.checks else None


def summarise(grading: Grading, shown: Shown | None, position: int | None) -> str:
    """Where a grading stands, in a sentence or two."""
    if shown is None:
        if grading.status is Status.QUEUED:
            return "Next in the queue." if position == 1 else f"Number {position} in the queue."
        if grading.status is Status.DONE:
            return "The details of this report were removed."
        return "Grading now." if grading.status is Status.RUNNING else "This couldn't be graded."
    if shown.problem is not None:
        return "No test could run."
    if shown.untested:
        failed = shown.tested - shown.passed
        untested = f"{shown.untested} couldn't be tested"
        return f"{tests(shown.passed)} passed, {failed} failed, {untested}."
    if shown.passed == shown.tested and shown.points:
        return f"All {shown.tested} tests passed."
    return f"{shown.passed} of {shown.tested} tests passed."


def describe_problem(problem: Problem) -> Trouble:
    """What stopped a whole file, ready for a template."""
    source_line = (problem.source_line or "").rstrip("\n")
    return Trouble(
        title=PROBLEMS[problem.kind],
        message=problem.message,
        line=problem.line,
        column=problem.column,
        source_line=source_line,
        caret=_caret(source_line, problem.column),
    )


def _caret(source_line: str, column: int | None) -> str:
    # Tabs stay tabs and wide characters stay wide, so the caret is under its character.
    if column is None:
        return ""
    before = visible(source_line[: column - 1])
    return "".join(map(_blank, before)).ljust(column - 1) + "^"


def _blank(char: str) -> str:
    if char == "\t":
        return char
    return "\u3000" if unicodedata.east_asian_width(char) in {"W", "F"} else " "
