"""Roles in a course, and what they allow."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from service.courses.models import Enrolment, Role
from service.errors import Forbidden
from service.people.models import Account

STAFF = frozenset({Role.TEACHER, Role.ASSISTANT})


def role_in(session: Session, account: Account, course_id: uuid.UUID) -> Role | None:
    """What a person is in a course; None when they have no place in it."""
    enrolment = session.get(Enrolment, (course_id, account.id))
    return enrolment.role if enrolment is not None else None


def is_staff(session: Session, account: Account, course_id: uuid.UUID) -> bool:
    """Whether a person teaches or assists in a course."""
    return role_in(session, account, course_id) in STAFF


def require_staff(session: Session, account: Account, course_id: uuid.UUID) -> None:
    """Refuse those who do not teach or assist in a course."""
    if not is_staff(session, account, course_id):
        raise Forbidden("Only the teachers and assistants of the course may do this.")
