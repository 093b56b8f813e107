"""Courses, assignments and their grades."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from service.courses import assignments, courses
from service.courses.access import require_staff
from service.courses.assignments import set_closed
from service.courses.models import Assignment, LatePolicy, Role
from service.marks.export import grades_csv
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.web.api.exchange import Answer, Description, answer, describe
from service.web.download import csv_file
from service.web.request import db_session, require_account

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


class NamesAnswer(Answer):
    """What the parts of your engine must be called; null where they are found by what they do."""

    class_name: str | None
    data: str | None
    grad: str | None
    backward: str | None


class AssignmentAnswer(Answer):
    """What is set. `attempts_left` are yours; null without a limit. A suite without points is told,
    and not marked.
    """

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
    names: NamesAnswer
    draw_per_student: bool


@blueprint.get("/courses")
@describe(Description(summary="List your courses", answer=Courses, errors=(401, 503)))
def list_courses() -> ResponseReturnValue:
    """List the courses that you have a place in."""
    places = courses.list_enrolments(db_session(), require_account())
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
    found = assignments.find_assignment(session, viewer, slug)
    return answer(_told(session, found, viewer))


@blueprint.get("/assignments/<slug>/grades.csv")
@describe(
    Description(
        summary="Download the grades (staff)", answer="text/csv", errors=(401, 403, 404, 503)
    )
)
def download_grades(slug: str) -> ResponseReturnValue:
    """Give every student's mark as CSV."""
    viewer, session = require_account(), db_session()
    assignment = assignments.find_assignment(session, viewer, slug)
    require_staff(session, viewer, assignment.course_id)
    return csv_file(grades_csv(session, assignment), f"{assignment.slug}-grades.csv")


@blueprint.post("/assignments/<slug>/close")
@describe(
    Description(
        summary="Take nothing more from now on (staff)",
        answer=AssignmentAnswer,
        errors=(401, 403, 404, 503),
    )
)
def close(slug: str) -> ResponseReturnValue:
    """Close an assignment; one that is closed stays so."""
    return _set_closed(slug, True)


@blueprint.post("/assignments/<slug>/open")
@describe(
    Description(
        summary="Take submissions again (staff)",
        answer=AssignmentAnswer,
        errors=(401, 403, 404, 409, 503),
    )
)
def reopen(slug: str) -> ResponseReturnValue:
    """Open an assignment again; one that is open stays so."""
    return _set_closed(slug, False)


def _set_closed(slug: str, closed: bool) -> ResponseReturnValue:
    viewer, session = require_account(), db_session()
    assignment = assignments.find_assignment(session, viewer, slug)
    require_staff(session, viewer, assignment.course_id)
    set_closed(session, assignment, closed)
    return answer(_told(session, assignment, viewer))


def _told(session: Session, assignment: Assignment, viewer: Account) -> AssignmentAnswer:
    return AssignmentAnswer(
        slug=assignment.slug,
        title=assignment.title,
        course=assignment.course.slug,
        description=assignment.description,
        deadline=assignment.deadline,
        late_policy=assignment.late_policy,
        closed=assignment.closed(now()),
        attempt_limit=assignment.attempt_limit,
        attempts_left=find.attempts_left(session, assignment, viewer),
        max_score=assignment.max_score,
        suites=[SuiteAnswer(name=each.suite, points=each.weight) for each in assignment.suites],
        names=NamesAnswer.model_validate(assignment.names, from_attributes=True),
        draw_per_student=assignment.draw_per_student,
    )
