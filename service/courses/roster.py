"""The people of a course, and their roles."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.courses.access import (
    STAFF,
    require_staff,
    require_teacher,
    require_teacher_or_operator,
)
from service.courses.models import Course, Enrolment, Role
from service.errors import Conflict, NotFound
from service.people.actors import (
    Actor,
    id_of,
    is_operator,
    is_self,
    require_confirmed,
    require_operator,
)
from service.people.links import lock_accounts, void_links
from service.people.models import Account
from service.people.names import last_name_first
from service.people.personal import normalise_email


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account with its enrolments, by the course's slug."""

    account: Account
    enrolments: tuple[Enrolment, ...]


def enrol(
    session: Session, actor: Actor, course: Course, account: Account, role: Role
) -> Enrolment:
    """Enrol a person in a course, or change the role that they have there; commits.

    Raises Conflict if the course would have no teacher left.
    """
    require_teacher_or_operator(session, actor, course.id)
    try:
        enrolment = _enrol(session, actor, course, account, role)
        session.commit()
    except IntegrityError:  # somebody else enrolled the person at the same moment
        session.rollback()
        enrolment = _enrol(session, actor, course, account, role)
        session.commit()
    return enrolment


def list_people(session: Session, actor: Actor, course: Course) -> list[Enrolment]:
    """The people of a course, by last name. Only its staff may see them."""
    require_staff(session, actor, course.id)
    query = select(Enrolment).where(Enrolment.course_id == course.id)
    found = session.scalars(query.options(joinedload(Enrolment.account)))
    return sorted(found, key=lambda each: (last_name_first(each.account.name), each.account.email))


def find_person(session: Session, actor: Actor, course: Course, email: str) -> Enrolment:
    """A person of a course, by e-mail; raises NotFound. Only its staff may see them."""
    require_staff(session, actor, course.id)
    return _find_person(session, course, email)


def set_role(session: Session, actor: Actor, course: Course, email: str, role: Role) -> None:
    """Change a person's role; commits. Raises NotFound, or Conflict for the last teacher."""
    require_teacher(session, actor, course.id)
    lock_people(session, course)
    enrolment = _find_person(session, course, email)
    lock_accounts(session, [enrolment.account_id])
    change_role(session, actor, enrolment, role)
    session.commit()


def unenrol(session: Session, actor: Actor, course: Course, email: str) -> Role:
    """End a person's enrolment, and return the role that they had; commits.

    Submissions stay, and count again if the person is enrolled again. Raises NotFound, or Conflict
    for the last teacher.
    """
    require_teacher(session, actor, course.id)
    lock_people(session, course)
    enrolment = _find_person(session, course, email)
    if enrolment.role is Role.TEACHER:
        _require_another_teacher(session, enrolment)
    record(
        session,
        id_of(actor),
        "enrolment.removed",
        course_id=course.id,
        account_id=enrolment.account_id,
        before={"role": enrolment.role},
    )
    session.delete(enrolment)
    session.commit()
    return enrolment.role


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


def lock_people(session: Session, course: Course) -> None:
    """Let nobody else change a course's people until the transaction ends."""
    session.execute(select(Course.id).where(Course.id == course.id).with_for_update())


def add_enrolment(
    session: Session,
    actor: Actor,
    course: Course,
    account: Account,
    role: Role,
    *,
    may_reset: bool,
) -> Enrolment:
    """Enrol an account that isn't in the course; the caller has locked its people, and commits.

    The caller has locked the account too, unless it is new. With a staff role, links of the account
    end. Raises Conflict for a staff role of an account whose address nobody has checked.
    """
    if role in STAFF:
        require_confirmed(actor, account)
        _end_links(session, actor, account)
    enrolment = Enrolment(course=course, account=account, role=role, may_reset=may_reset)
    session.add(enrolment)
    record(
        session,
        id_of(actor),
        "enrolment.self_created" if is_self(actor, account) else "enrolment.created",
        course_id=course.id,
        account_id=account.id,
        after={"role": role},
    )
    return enrolment


def change_role(session: Session, actor: Actor, enrolment: Enrolment, role: Role) -> None:
    """Change a role; the caller has locked the course's people and the account, and commits.

    Links of the account end. After a staff role, no teacher makes links for it any more: a teacher
    could take over a colleague's account. Raises Conflict for the last teacher, and for a staff
    role of an account whose address nobody has checked.
    """
    if role is enrolment.role:
        return
    if enrolment.role is Role.TEACHER:
        _require_another_teacher(session, enrolment)
    if role in STAFF:
        require_confirmed(actor, enrolment.account)
    _end_links(session, actor, enrolment.account)
    if enrolment.role in STAFF:
        enrolment.may_reset = False
    record(
        session,
        id_of(actor),
        "enrolment.changed",
        course_id=enrolment.course_id,
        account_id=enrolment.account_id,
        before={"role": enrolment.role},
        after={"role": role},
    )
    enrolment.role = role
    session.flush()


def _end_links(session: Session, actor: Actor, account: Account) -> None:
    """End an account's links. An invitation that the actor made for a new one stays valid."""
    own = id_of(actor) if account.password_hash is None else None
    void_links(session, [account.id], but_by=own)


def _enrol(
    session: Session, actor: Actor, course: Course, account: Account, role: Role
) -> Enrolment:
    lock_people(session, course)
    lock_accounts(session, [account.id])
    enrolment = session.get(Enrolment, (course.id, account.id), populate_existing=True)
    if enrolment is not None:
        change_role(session, actor, enrolment, role)
        return enrolment
    trusted = is_operator(actor)
    return add_enrolment(session, actor, course, account, role, may_reset=trusted)


def _find_person(session: Session, course: Course, email: str) -> Enrolment:
    query = select(Enrolment).join(Enrolment.account).options(joinedload(Enrolment.account))
    wanted = normalise_email(email)
    found = None
    if "\0" not in wanted:  # PostgreSQL rejects a query with it
        found = session.scalar(
            query.where(Enrolment.course_id == course.id, Account.email == wanted)
        )
    if found is None:
        raise NotFound("Nobody in this course has this e-mail.")
    return found


def _require_another_teacher(session: Session, enrolment: Enrolment) -> None:
    others = select(Enrolment.account_id).where(
        Enrolment.course_id == enrolment.course_id,
        Enrolment.role == Role.TEACHER,
        Enrolment.account_id != enrolment.account_id,
    )
    if session.scalar(others.limit(1)) is None:
        raise Conflict(
            "This is the course's only teacher. Make somebody else a teacher first.",
            code="last_teacher",
        )
