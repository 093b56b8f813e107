"""The gradebook of a course, as JSON and as CSV."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Literal

from flask import Blueprint
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.courses import courses
from service.marks.export import Format, grades_csv
from service.marks.gradebook import Mark, gradebook
from service.people.models import Account
from service.submissions.models import Status
from service.web.api.operation import Answer, Query, operation
from service.web.download import csv_file

blueprint = Blueprint("api_gradebook", __name__)


class CsvQuery(Query):
    """Which system reads the file."""

    format: Literal["plain", "moodle", "canvas"] = Field(
        "plain", description="Moodle and Canvas get only what counts, in columns that they import"
    )


class ColumnAnswer(Answer):
    """An assignment of the gradebook."""

    slug: str
    title: str
    max_score: float


class CellAnswer(Answer):
    """A student's mark in an assignment.

    `mark` is what counts: what staff set by hand, or else the computed score without what it loses
    for being late. `score` is the computed one. `late_minutes` is null if nothing was submitted.
    `outdated` says that the suites or points have changed since. `problem` is what stopped the
    whole file.
    """

    mark: float | None
    assignment: str
    score: float | None
    max_score: float
    deduction: float
    attempts: int
    status: Status | None
    submission: uuid.UUID | None
    submitted_at: datetime | None
    late_minutes: int | None
    overridden: bool
    comment: str | None
    problem: str | None
    outdated: bool


class RowAnswer(Answer):
    """A student, with a mark for each assignment, in the order of the columns."""

    email: str
    name: str
    student_number: str
    marks: list[CellAnswer]


class GradebookAnswer(Answer):
    """Students by last name, assignments in their order."""

    course: str
    assignments: list[ColumnAnswer]
    students: list[RowAnswer]


@blueprint.get("/courses/<course>/gradebook")
@operation("Read the gradebook (staff)", errors=(403,))
def read(actor: Account, session: Session, course: str) -> GradebookAnswer:
    """Read every student's marks in every assignment."""
    found = courses.find_course(session, actor, course)
    book = gradebook(session, actor, found)
    return GradebookAnswer(
        course=found.slug,
        assignments=[
            ColumnAnswer(slug=each.slug, title=each.title, max_score=each.max_score)
            for each in book.assignments
        ],
        students=[
            RowAnswer(
                email=student.email,
                name=student.name,
                student_number=student.student_number,
                marks=[_to_answer(row[each.id]) for each in book.assignments],
            )
            for student, row in book.rows
        ],
    )


@blueprint.get("/courses/<course>/grades.csv")
@operation("Download the grades of a course (staff)", errors=(403,), media_type="text/csv")
def download(actor: Account, session: Session, course: str, query: CsvQuery) -> Response:
    """Download every student's marks as CSV, one row a student."""
    found = courses.find_course(session, actor, course)
    text = grades_csv(session, actor, found, Format(query.format))
    return csv_file(text, f"{found.slug}-grades.csv")


def _to_answer(mark: Mark) -> CellAnswer:
    return CellAnswer(
        mark=mark.effective,
        assignment=mark.assignment.slug,
        score=mark.score,
        max_score=mark.max_score,
        deduction=mark.deduction,
        attempts=mark.attempts,
        status=mark.status,
        submission=mark.submission_id,
        submitted_at=mark.submitted_at,
        late_minutes=None if mark.submitted_at is None else mark.late_minutes,
        overridden=mark.override is not None,
        comment=None if mark.override is None else mark.override.reason,
        problem=mark.problem,
        outdated=mark.outdated,
    )
