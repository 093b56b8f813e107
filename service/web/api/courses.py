"""Courses: list, create, read, change, copy and delete them."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from service.courses import courses
from service.courses.access import role_in
from service.courses.copying import copy_course
from service.courses.models import Course, Role
from service.marks.deletion import delete_course
from service.people.models import Account
from service.web.api.operation import Answer, Body, Reply, operation
from service.web.request import services

blueprint = Blueprint("api_courses", __name__)


class CourseAnswer(Answer):
    """A course, your role in it, and the slugs of its assignments."""

    slug: str
    title: str
    time_zone: str
    role: Role | None
    assignments: list[str]


class Courses(Answer):
    """Your courses."""

    courses: list[CourseAnswer]


class NewCourse(Body):
    """A course to create. `time_zone` is a name of the IANA database, such as `Europe/Berlin`."""

    slug: str
    title: str
    time_zone: str = "UTC"


class CourseChanges(Body):
    """What changes in a course. Fields that are left out or null stay as they are."""

    slug: str | None = None
    title: str | None = None
    time_zone: str | None = None


class CourseCopy(Body):
    """A copy of a course. Its dates are `shift_days` later, at the same local time."""

    slug: str
    title: str
    shift_days: int = 0


@blueprint.get("/courses")
@operation("List your courses")
def list_courses(actor: Account, session: Session) -> Courses:
    """List the courses that you are enrolled in."""
    enrolments = courses.list_enrolments(session, actor)
    return Courses(courses=[_to_answer(each.course, each.role) for each in enrolments])


@blueprint.post("/courses")
@operation("Create a course (teachers)", status=201, errors=(403, 409), sends=("Location",))
def create(actor: Account, session: Session, body: NewCourse) -> Reply[CourseAnswer]:
    """Create a course, and become its teacher."""
    made = courses.create_course(
        session, actor, slug=body.slug, title=body.title, time_zone=body.time_zone
    )
    return _created(session, actor, made)


@blueprint.get("/courses/<course>")
@operation("Read a course")
def read(actor: Account, session: Session, course: str) -> CourseAnswer:
    """Read a course that you are enrolled in."""
    found = courses.find_course(session, actor, course)
    return _to_answer(found, role_in(session, actor, found.id))


@blueprint.patch("/courses/<course>")
@operation("Change a course (teachers)", errors=(403, 409))
def change(actor: Account, session: Session, course: str, body: CourseChanges) -> CourseAnswer:
    """Change a course's title, time zone or slug."""
    found = courses.find_course(session, actor, course)
    courses.change_course(
        session, actor, found, slug=body.slug, title=body.title, time_zone=body.time_zone
    )
    return _to_answer(found, role_in(session, actor, found.id))


@blueprint.delete("/courses/<course>")
@operation("Delete a course with everything in it (teachers)", status=204, errors=(403,))
def delete(actor: Account, session: Session, course: str) -> Response:
    """Delete a course with its submissions and marks. People keep their accounts."""
    found = courses.find_course(session, actor, course)
    delete_course(session, actor, found, services().settings)
    return Response(status=204)


@blueprint.post("/courses/<course>/copy")
@operation(
    "Copy a course without its people (teachers)",
    status=201,
    errors=(403, 409),
    sends=("Location",),
)
def copy(actor: Account, session: Session, course: str, body: CourseCopy) -> Reply[CourseAnswer]:
    """Create a course with the same assignments, with shifted dates."""
    found = courses.find_course(session, actor, course)
    made = copy_course(
        session, actor, found, slug=body.slug, title=body.title, days=body.shift_days
    )
    return _created(session, actor, made)


def _created(session: Session, actor: Account, made: Course) -> Reply[CourseAnswer]:
    return Reply(
        answer=_to_answer(made, role_in(session, actor, made.id)),
        headers={"Location": url_for("api_courses.read", course=made.slug)},
    )


def _to_answer(course: Course, role: Role | None) -> CourseAnswer:
    return CourseAnswer(
        slug=course.slug,
        title=course.title,
        time_zone=course.time_zone,
        role=role,
        assignments=[assignment.slug for assignment in course.assignments],
    )
