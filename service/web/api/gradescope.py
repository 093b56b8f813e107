"""A report in the format of Gradescope's autograders, `results.json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from sqlalchemy.orm import Session

from service.errors import Conflict
from service.feedback.summary import describe_interface, list_notes, list_warnings
from service.feedback.wording import points_of
from service.submissions.models import Grading, Status
from service.submissions.stored_reports import read_report
from service.web.api.operation import Answer
from worker.report.model import CaseReport, Report, SuiteReport


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
    visibility: Literal["visible"] = "visible"
    extra_data: dict[str, str]


class Results(Answer):
    """The whole result; `score` counts for all tests, which have none of their own."""

    score: float
    execution_time: float
    output: str
    output_format: Literal["text"] = "text"
    visibility: Literal["visible"] = "visible"
    stdout_visibility: Literal["visible"] = "visible"
    extra_data: dict[str, float | str]
    tests: list[Test]


def results(session: Session, grading: Grading) -> Results:
    """The results of a grading; raises Conflict if it isn't done, or if it failed on our side."""
    if grading.status is Status.ERRORED:
        raise Conflict(
            "There is no result: grading failed on our side. This used up no attempt. "
            "Ask your teacher to grade it again, or submit your file again.",
            code="grading_errored",
        )
    report = read_report(session, grading.id) if grading.status is Status.DONE else None
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
    return Results(
        score=report.score,
        execution_time=report.provenance.seconds,
        output=_output(report),
        extra_data={"max_score": report.max_score, "grading": str(grading.id)},
        tests=[
            _test(f"{suite_number}.{case_number}", suite, case)
            for suite_number, suite in enumerate(report.suites, 1)
            for case_number, case in enumerate(suite.cases, 1)
        ],
    )


def _test(number: str, suite: SuiteReport, case: CaseReport) -> Test:
    status: Literal["passed", "failed"] | None = "passed" if case.passed else "failed"
    tags = [suite.name]
    if not suite.gives_points:
        status = None
        tags.append("no points")
    elif not case.counts:
        status = None
        tags.append("not tested")
    return Test(
        name=f"{suite.title}: {case.title}",
        number=number,
        status=status,
        output="\n\n".join(part for part in (case.message, case.program) if part),
        tags=tags,
        extra_data={"case": case.id, "verdict": case.verdict},
    )


def _output(report: Report) -> str:
    problem = report.problem
    if problem is not None:
        where = "" if problem.line is None else f" (line {problem.line})"
        return f"{problem.message}{where}"
    lines = [f"{points_of(report.score, report.max_score)} points."]
    if report.interface is not None:
        lines += list_warnings(report)
        lines += [f"Found: {describe_interface(report.interface)}", *list_notes(report)]
    return "\n".join(lines)
