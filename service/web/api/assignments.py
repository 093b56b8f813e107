"""Courses, assignments and their grades."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from service.courses import assignments, courses
from service.courses.assignments import set_closed
from service.courses.models import Assignment, LatePolicy, Role
from service.marks.export import grades_csv
from service.people.models import Account
from service.store.base import now
from service.submissions import find
from service.web.api.operation import Answer, operation
from service.web.download import csv_file

blueprint = Blueprint("api_courses", __name__)
of_assignment = Blueprint("api_assignments", __name__)


class CourseAnswer(Answer):
    """A course, your role in it, and the slugs of its assignments."""

    slug: str
    title: str
    role: Role
    assignments: list[str]


class Courses(Answer):
    """Your courses."""

    courses: list[CourseAnswer]


class SuiteAnswer(Answer):
    """A suite and its points."""

    name: str
    points: float


class NamesAnswer(Answer):
    """The names that your engine's parts must have; null where any name will do."""

    class_name: str | None
    data: str | None
    grad: str | None
    backward: str | None


class AssignmentAnswer(Answer):
    """An assignment. Results of a suite without points are shown, but don't count.

    `your_deadline`, `closed` and `attempts_left` are yours, with your extension; `attempts_left` is
    null without a limit.
    """

    slug: str
    title: str
    course: str
    description: str
    deadline: datetime | None
    your_deadline: datetime | None
    late_policy: LatePolicy
    closed: bool
    attempt_limit: int | None
    attempts_left: int | None
    max_score: float
    suites: list[SuiteAnswer]
    names: NamesAnswer
    draw_per_student: bool
    require_double: bool


@blueprint.get("/courses")
@operation("List your courses")
def list_courses(actor: Account, session: Session) -> Courses:
    """List the courses that you are enrolled in."""
    return Courses(
        courses=[
            CourseAnswer(
                slug=enrolment.course.slug,
                title=enrolment.course.title,
                role=enrolment.role,
                assignments=[assignment.slug for assignment in enrolment.course.assignments],
            )
            for enrolment in courses.list_enrolments(session, actor)
        ]
    )


@of_assignment.get("")
@operation("Read an assignment")
def read(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> AssignmentAnswer:
    """Read an assignment, and how many attempts you have left."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    return _to_answer(session, assignment, actor)


@of_assignment.get("/grades.csv")
@operation("Download the grades (staff)", errors=(403,), media_type="text/csv")
def download_grades(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> Response:
    """Download every student's mark as CSV."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    return csv_file(grades_csv(session, actor, assignment), f"{assignment.slug}-grades.csv")


@of_assignment.post("/close")
@operation("Accept no more submissions (staff)", errors=(403,))
def close(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> AssignmentAnswer:
    """Close an assignment. Does nothing when it's closed already."""
    return _set_closed(session, actor, slug, course, True)


@of_assignment.post("/open")
@operation("Accept submissions again (staff)", errors=(403, 409))
def reopen(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> AssignmentAnswer:
    """Open an assignment again. Does nothing when it's open already."""
    return _set_closed(session, actor, slug, course, False)


def _set_closed(
    session: Session, actor: Account, slug: str, course: str | None, closed: bool
) -> AssignmentAnswer:
    assignment = assignments.find_assignment(session, actor, slug, course)
    set_closed(session, actor, assignment, closed)
    return _to_answer(session, assignment, actor)


def _to_answer(session: Session, assignment: Assignment, actor: Account) -> AssignmentAnswer:
    moment = now()
    standing = find.standing(session, actor, assignment, actor, moment)
    return AssignmentAnswer(
        slug=assignment.slug,
        title=assignment.title,
        course=assignment.course.slug,
        description=assignment.description,
        deadline=assignment.deadline,
        your_deadline=standing.terms.deadline,
        late_policy=assignment.late_policy,
        closed=standing.terms.closed(moment),
        attempt_limit=assignment.attempt_limit,
        attempts_left=standing.attempts_left,
        max_score=assignment.max_score,
        suites=[SuiteAnswer(name=each.suite, points=each.weight) for each in assignment.suites],
        names=NamesAnswer.model_validate(assignment.names, from_attributes=True),
        draw_per_student=assignment.draw_per_student,
        require_double=assignment.require_double,
    )
