"""Courses, assignments and their grades."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from service import submissions
from service.api.exchange import Answer, Description, answer, describe
from service.auth import require_staff
from service.export import grades_csv
from service.models import LatePolicy, Role, now
from service.web import db_session, require_account

blueprint = Blueprint("api_assignments", __name__)


class CourseAnswer(Answer):
    """A course, what you are in it, and the slugs of its assignments."""

    slug: str
    title: str
    role: Role
    assignments: list[str]


class Courses(Answer):
    """Your courses."""

    courses: list[CourseAnswer]


class SuiteAnswer(Answer):
    """A suite and the points that it gives."""

    name: str
    points: float


class AssignmentAnswer(Answer):
    """What is set. `attempts_left` are yours; null without a limit."""

    slug: str
    title: str
    course: str
    description: str
    deadline: datetime | None
    late_policy: LatePolicy
    closed: bool
    attempt_limit: int | None
    attempts_left: int | None
    max_score: float
    suites: list[SuiteAnswer]


@blueprint.get("/courses")
@describe(Description(summary="List your courses", answer=Courses, errors=(401, 503)))
def list_courses() -> ResponseReturnValue:
    """List the courses that you have a place in."""
    places = submissions.list_enrolments(db_session(), require_account())
    return answer(
        Courses(
            courses=[
                CourseAnswer(
                    slug=place.course.slug,
                    title=place.course.title,
                    role=place.role,
                    assignments=[assignment.slug for assignment in place.course.assignments],
                )
                for place in places
            ]
        )
    )


@blueprint.get("/assignments/<slug>")
@describe(
    Description(summary="Read an assignment", answer=AssignmentAnswer, errors=(401, 404, 503))
)
def read(slug: str) -> ResponseReturnValue:
    """Read what is set, and how many attempts are left."""
    viewer, session = require_account(), db_session()
    found = submissions.find_assignment(session, viewer, slug)
    return answer(
        AssignmentAnswer(
            slug=found.slug,
            title=found.title,
            course=found.course.slug,
            description=found.description,
            deadline=found.deadline,
            late_policy=found.late_policy,
            closed=found.closed(now()),
            attempt_limit=found.attempt_limit,
            attempts_left=submissions.attempts_left(session, found, viewer),
            max_score=found.max_score,
            suites=[SuiteAnswer(name=each.suite, points=each.weight) for each in found.suites],
        )
    )


@blueprint.get("/assignments/<slug>/grades.csv")
@describe(
    Description(
        summary="Download the grades (staff)", answer="text/csv", errors=(401, 403, 404, 503)
    )
)
def download_grades(slug: str) -> ResponseReturnValue:
    """Give every student's mark as CSV."""
    viewer, session = require_account(), db_session()
    assignment = submissions.find_assignment(session, viewer, slug)
    require_staff(session, viewer, assignment.course_id)
    return csv_download(grades_csv(session, assignment), f"{assignment.slug}-grades.csv")


def csv_download(text: str, filename: str) -> Response:
    """CSV for a browser to save under a name that has no quotes in it."""
    disposition = f'attachment; filename="{filename}"'
    return Response(text, mimetype="text/csv", headers={"Content-Disposition": disposition})
