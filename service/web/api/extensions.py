"""Extensions: another deadline or attempt limit for one student."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from service.courses import assignments
from service.courses.models import Extension
from service.courses.students import find_student
from service.marks import extensions
from service.marks.extensions import Grant
from service.people.models import Account
from service.web.api.operation import Answer, Body, operation
from service.web.bodies import REASON

of_assignment = Blueprint("api_extensions", __name__)


class ExtensionBody(Body):
    """What a student gets; null keeps the assignment's. Only staff see the reason."""

    deadline: AwareDatetime | None = None
    attempt_limit: int | None = None
    reason: str = ""


class ExtensionAnswer(Answer):
    """A student's extension."""

    email: str
    name: str
    deadline: datetime | None
    attempt_limit: int | None
    reason: str
    created_at: datetime


class Extensions(Answer):
    """All extensions of an assignment, by the student's name."""

    extensions: list[ExtensionAnswer]


@of_assignment.get("/extensions")
@operation("List the extensions of an assignment (staff)", errors=(403,))
def list_extensions(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> Extensions:
    """List who has another deadline or attempt limit."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    found = extensions.list_extensions(session, actor, assignment)
    return Extensions(extensions=[_to_answer(each) for each in found])


@of_assignment.put("/extensions/<email>")
@operation("Give a student an extension (teachers)", errors=(403,), limit=REASON)
def put_extension(
    actor: Account,
    session: Session,
    slug: str,
    email: str,
    body: ExtensionBody,
    course: str | None = None,
) -> ExtensionAnswer:
    """Give a student another deadline or attempt limit, or replace what they have.

    The latest deadline and the highest limit hold: an extension takes nothing away.
    """
    assignment = assignments.find_assignment(session, actor, slug, course)
    student = find_student(session, actor, assignment.course_id, email)
    grant = Grant(deadline=body.deadline, attempt_limit=body.attempt_limit, reason=body.reason)
    return _to_answer(extensions.set_extension(session, actor, assignment, student, grant))


@of_assignment.delete("/extensions/<email>")
@operation("Remove an extension (teachers)", status=204, errors=(403,))
def delete_extension(
    actor: Account, session: Session, slug: str, email: str, course: str | None = None
) -> Response:
    """Let the assignment's deadline and attempt limit hold again for a student."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    student = find_student(session, actor, assignment.course_id, email)
    extensions.remove_extension(session, actor, assignment, student)
    return Response(status=204)


def _to_answer(extension: Extension) -> ExtensionAnswer:
    return ExtensionAnswer(
        email=extension.student.email,
        name=extension.student.name,
        deadline=extension.deadline,
        attempt_limit=extension.attempt_limit,
        reason=extension.reason,
        created_at=extension.created_at,
    )
