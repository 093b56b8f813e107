"""The students of a course."""

from __future__ import annotations

import uuid

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.models import Enrolment, Role
from service.errors import NotFound
from service.people.actors import Actor
from service.people.models import Account
from service.people.names import last_name_first
from service.people.personal import normalise_email


def find_student(session: Session, actor: Actor, course_id: uuid.UUID, email: str) -> Account:
    """The student of a course with this e-mail, in upper or lower case; raises NotFound. For staff.

    Somebody who isn't a student of the course isn't found, so nobody learns who has an account.
    """
    require_staff(session, actor, course_id)
    wanted = normalise_email(email)
    student = None
    if "\0" not in wanted:  # PostgreSQL rejects a query with it
        student = session.scalar(_students(course_id).where(Account.email == wanted))
    if student is None:
        message = f"No student of this course has the e-mail {wanted!r}."
        raise NotFound(message, fields={"email": message})
    return student


def list_students(session: Session, actor: Actor, course_id: uuid.UUID) -> list[Account]:
    """The students of a course by e-mail. For staff."""
    require_staff(session, actor, course_id)
    return list(session.scalars(_students(course_id).order_by(Account.email)))


def students_of(session: Session, course_id: uuid.UUID) -> list[Account]:
    """The students of a course by last name. Checks no rights."""
    return sorted(
        session.scalars(_students(course_id)),
        key=lambda each: (last_name_first(each.name), each.name, each.email),
    )


def _students(course_id: uuid.UUID) -> Select[Account]:
    return (
        select(Account)
        .join(Enrolment)
        .where(Enrolment.course_id == course_id, Enrolment.role == Role.STUDENT)
    )
