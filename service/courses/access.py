"""Roles in a course, and what they allow. Use cases check; pages only ask what to show.

Someone who isn't enrolled in a course gets NotFound, so nobody learns which courses exist. A
student of the course gets Forbidden.
"""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Enrolment, Role
from service.errors import Forbidden, NotFound
from service.people.actors import Actor, LocalOperator, is_operator, is_self
from service.people.models import Account

STAFF = frozenset({Role.TEACHER, Role.ASSISTANT})


def role_in(session: Session, account: Account, course_id: uuid.UUID) -> Role | None:
    """A person's role in a course; None if they aren't enrolled.

    A role is read once in a session, so a session must not live longer than a request.
    """
    key = (course_id, account.id)
    enrolment = session.get(Enrolment, key)
    if enrolment is None:
        return None
    # A session forgets rows that nobody refers to. Every use case of a request asks for this one.
    session.info.setdefault("enrolments", {})[key] = enrolment
    return enrolment.role


def is_staff(session: Session, actor: Actor, course_id: uuid.UUID) -> bool:
    """Whether the actor teaches or assists in a course."""
    return isinstance(actor, LocalOperator) or role_in(session, actor, course_id) in STAFF


def is_teacher(session: Session, actor: Actor, course_id: uuid.UUID) -> bool:
    """Whether the actor teaches a course."""
    return isinstance(actor, LocalOperator) or role_in(session, actor, course_id) is Role.TEACHER


def require_enrolled(session: Session, actor: Actor, course_id: uuid.UUID) -> None:
    """Raise NotFound unless the actor is enrolled in the course."""
    if not isinstance(actor, LocalOperator) and role_in(session, actor, course_id) is None:
        raise NotFound("There is no such course, or you are not enrolled in it.")


def require_staff(session: Session, actor: Actor, course_id: uuid.UUID) -> None:
    """Raise Forbidden or NotFound unless the actor teaches or assists in the course."""
    if not is_staff(session, actor, course_id):
        require_enrolled(session, actor, course_id)
        raise Forbidden("Only the teachers and assistants of the course may do this.")


def require_teacher(session: Session, actor: Actor, course_id: uuid.UUID) -> None:
    """Raise Forbidden or NotFound unless the actor teaches the course."""
    if isinstance(actor, LocalOperator):
        return
    role = role_in(session, actor, course_id)
    if role is not Role.TEACHER:
        require_enrolled(session, actor, course_id)
        raise Forbidden("Only the teachers of the course may do this.")


def require_teacher_or_operator(session: Session, actor: Actor, course_id: uuid.UUID) -> None:
    """Raise Forbidden or NotFound unless the actor teaches the course or is an operator."""
    if not is_operator(actor):
        require_teacher(session, actor, course_id)


def require_self_or_staff(
    session: Session, actor: Actor, student: Account, course_id: uuid.UUID
) -> None:
    """Raise Forbidden or NotFound unless it is the actor's own, or the actor is staff."""
    if not is_self(actor, student):
        require_staff(session, actor, course_id)


def require_course_creator(session: Session, actor: Actor) -> None:
    """Raise Forbidden unless the actor may create courses.

    Operators may. Of an account, `may_create_courses` says so; if it says nothing, teachers of any
    course may.
    """
    if isinstance(actor, LocalOperator) or actor.operator or actor.may_create_courses:
        return
    forbidden = Forbidden("You can't create courses. Ask an operator for permission.")
    if actor.may_create_courses is False:
        raise forbidden
    taught = select(Enrolment).where(
        Enrolment.account_id == actor.id, Enrolment.role == Role.TEACHER
    )
    if session.scalar(taught.limit(1)) is None:
        raise forbidden
