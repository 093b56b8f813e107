"""The people of a course, and their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.courses.access import require_teacher_or_operator
from service.courses.models import Course, Enrolment, Role
from service.people.actors import Actor, id_of, require_operator
from service.people.models import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account with its enrolments, by the course's slug."""

    account: Account
    enrolments: tuple[Enrolment, ...]


def enrol(
    session: Session, actor: Actor, course: Course, account: Account, role: Role
) -> Enrolment:
    """Enrol a person in a course, or change the role that they have there; commits."""
    require_teacher_or_operator(session, actor, course.id)
    given = {"course_id": course.id, "account_id": account.id, "role": role}
    try:
        enrolment = _enrol(session, actor, given)
        session.commit()
    except IntegrityError:  # somebody else enrolled the person at the same moment
        session.rollback()
        enrolment = _enrol(session, actor, given)
        session.commit()
    return enrolment


def _enrol(session: Session, actor: Actor, given: dict[str, Any]) -> Enrolment:
    known = session.get(Enrolment, (given["course_id"], given["account_id"]))
    before = None if known is None else {"role": known.role}
    after = {"role": given["role"]}
    enrolment = session.merge(Enrolment(**given))
    if before != after:
        own = before is None and isinstance(actor, Account) and actor.id == given["account_id"]
        verb = "changed" if before else "self_created" if own else "created"
        record(
            session,
            id_of(actor),
            f"enrolment.{verb}",
            course_id=given["course_id"],
            account_id=given["account_id"],
            before=before,
            after=after,
        )
    return enrolment


def list_everyone(session: Session, actor: Actor) -> list[Person]:
    """Every account of the installation, by e-mail. Only operators may."""
    require_operator(actor)
    query = select(Enrolment).join(Enrolment.course).options(joinedload(Enrolment.course))
    enrolments: dict[object, list[Enrolment]] = {}
    for enrolment in session.scalars(query.order_by(Course.slug)):
        enrolments.setdefault(enrolment.account_id, []).append(enrolment)
    return [
        Person(account=account, enrolments=tuple(enrolments.get(account.id, ())))
        for account in session.scalars(select(Account).order_by(Account.email))
    ]
