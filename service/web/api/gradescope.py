"""A report in the format of Gradescope's autograders, `results.json`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session

from service.courses.models import Feedback
from service.errors import Conflict
from service.feedback.levels import (
    CaseOutcome,
    Level,
    OutcomeReport,
    ScoreReport,
    SuiteOutcome,
    reduce_to_tests,
)
from service.feedback.summary import describe_interface, list_notes, list_warnings
from service.feedback.wording import number, points_of
from service.marks.release import is_held
from service.marks.results import read_result, require_level
from service.people.models import Account
from service.submissions.models import Grading, Status
from service.web.api.operation import Answer
from worker.report.model import CaseReport, Problem, Report, SuiteReport

Visibility = Literal["hidden", "after_due_date", "visible"]

# When Gradescope may show it. No test of these is `hidden`: Gradescope would hide the score too.
VISIBILITY: dict[Feedback, Visibility] = {
    Feedback.FULL: "visible",
    Feedback.TESTS: "visible",
    Feedback.SCORE: "visible",
    Feedback.NOTHING_UNTIL_DEADLINE: "after_due_date",
}


class Test(Answer):
    """A test. `number` is suite and case, such as "1.2". An untested case, and one that gives no
    points, has no status."""

    name: str
    number: str
    status: Literal["passed", "failed"] | None = Field(
        default=None, exclude_if=lambda status: status is None
    )
    output: str
    output_format: Literal["text"] = "text"
    tags: list[str]
    visibility: Visibility
    extra_data: dict[str, str]


class Results(Answer):
    """The whole result; `score` counts for all tests, which have none of their own.

    It is left out while points aren't shown. What students don't see isn't here, for staff as well:
    Gradescope shows it to students. `visibility` says when they see it.
    """

    score: float | None = Field(default=None, exclude_if=lambda score: score is None)
    execution_time: float
    output: str
    output_format: Literal["text"] = "text"
    visibility: Visibility
    stdout_visibility: Visibility
    extra_data: dict[str, float | str]
    tests: list[Test]


def results(session: Session, actor: Account, grading: Grading) -> Results:
    """The results of a grading, as much of them as the actor sees.

    Raises Forbidden if nothing is shown yet, Conflict if the grading isn't done, or if it failed on
    our side.
    """
    result = read_result(session, actor, grading, details=True)
    course = grading.submission.assignment.course
    require_level(result.sight, course, Level.FULL, Level.TESTS, Level.SCORE)
    if grading.status is Status.ERRORED:
        raise Conflict(
            "There is no result: grading failed on our side. This used up no attempt. "
            "Ask your teacher to grade it again, or submit your file again.",
            code="grading_errored",
        )
    report = result.report
    if report is None and grading.status is Status.DONE:
        raise Conflict(
            "The details of this report were removed after some time. The score is kept. "
            "Ask your teacher to grade it again.",
            code="report_removed",
        )
    if report is None:
        raise Conflict(
            f"There is no result yet: the grading is {grading.status}. Try again later.",
            code="not_graded",
        )
    assert isinstance(report, (Report, OutcomeReport, ScoreReport))
    feedback = grading.submission.assignment.feedback if result.sight.solutions else Feedback.FULL
    report = _as_students_see(report, feedback)
    visibility = VISIBILITY[feedback]
    if result.sight.solutions and is_held(grading.submission.assignment):
        visibility = "hidden"  # Gradescope would show students a mark that is held back
    extra = {} if result.max_score is None else {"max_score": result.max_score}
    return Results(
        score=result.score,
        execution_time=0.0 if isinstance(report, ScoreReport) else report.provenance.seconds,
        output=_output(report, result.score, result.max_score),
        visibility=visibility,
        stdout_visibility="hidden" if feedback is Feedback.SCORE else visibility,
        extra_data={**extra, "grading": str(grading.id)},
        tests=[] if isinstance(report, ScoreReport) else _tests(report.suites, visibility),
    )


def _as_students_see(
    report: Report | OutcomeReport | ScoreReport, feedback: Feedback
) -> Report | OutcomeReport | ScoreReport:
    """What students see of a whole report, which staff read, at this level."""
    if isinstance(report, Report) and feedback is Feedback.TESTS:
        return reduce_to_tests(report, points=True)
    if isinstance(report, Report) and feedback is Feedback.SCORE:
        return ScoreReport(score=report.score, max_score=report.max_score, problem=report.problem)
    return report


def _tests(suites: Sequence[SuiteReport | SuiteOutcome], visibility: Visibility) -> list[Test]:
    tests = []
    for suite_number, suite in enumerate(suites, 1):
        cases: Sequence[CaseReport | CaseOutcome] = suite.cases
        for case_number, case in enumerate(cases, 1):
            tests.append(_test(f"{suite_number}.{case_number}", suite, case, visibility))
    return tests


def _test(
    number: str,
    suite: SuiteReport | SuiteOutcome,
    case: CaseReport | CaseOutcome,
    visibility: Visibility,
) -> Test:
    status: Literal["passed", "failed"] | None = "passed" if case.passed else "failed"
    tags = [suite.name]
    if suite.max_score <= 0:
        status = None
        tags.append("no points")
    elif isinstance(case, CaseReport) and not case.counts:
        status = None
        tags.append("not tested")
    numbers = _own_numbers(case) if isinstance(case, CaseOutcome) else ""
    return Test(
        name=f"{suite.title}: {case.title}",
        number=number,
        status=status,
        output="\n\n".join(part for part in (case.message, case.program, numbers) if part),
        tags=tags,
        visibility=visibility,
        extra_data={"case": case.id, "verdict": case.verdict},
    )


def _own_numbers(case: CaseOutcome) -> str:
    lines = (f"{one.node}.{one.quantity} is {number(one.actual)}" for one in case.checks)
    return "\n".join(lines)


def _output(
    report: Report | OutcomeReport | ScoreReport, score: float | None, max_score: float | None
) -> str:
    if report.problem is not None:
        return _describe_problem(report.problem)
    lines = []
    if score is not None and max_score is not None:
        lines.append(f"{points_of(score, max_score)} points.")
    if not isinstance(report, ScoreReport) and report.interface is not None:
        lines += list_warnings(report) if isinstance(report, Report) else []
        lines.append(f"Found: {describe_interface(report.interface)}")
        lines += list_notes(report) if isinstance(report, Report) else report.interface.notes
    return "\n".join(lines)


def _describe_problem(problem: Problem) -> str:
    where = "" if problem.line is None else f" (line {problem.line})"
    return f"{problem.message}{where}"
