"""Read the audit of a course or of the installation: who did what and when, before and after.

The installation's audit has what belongs to no course: accounts, tokens, operators' acts. It also
has deletions of courses, because the audit of a deleted course can't be read any more.

Entries have ids alone. Names are looked up when somebody reads them, so the name of a deleted
account is gone from here too.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, or_, select, tuple_
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.courses.access import require_teacher
from service.courses.models import Assignment, Course
from service.courses.moments import require_moment
from service.errors import Invalid
from service.people.accounts import account_by_email
from service.people.actors import Actor, require_operator
from service.people.models import Account

SHOWN = 50  # entries of a page, unless asked for fewer or more
MOST = 200
ORDER = (AuditEntry.happened_at, AuditEntry.id)
BY_STUDENTS = ("enrolment.self_created", "account.deleted")  # in a course, on their own
OF_INSTALLATION = or_(AuditEntry.course_id.is_(None), AuditEntry.action == "course.deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries: by whom, of which action, from a moment to another, after an entry.

    `person` is an e-mail. `before` is the id of the last entry of the page before.
    """

    person: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None
    limit: int = SHOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Entries, the newest first, with the accounts and assignments that they name.

    `last` is the `before` of the next page; None at the end. An assignment may be gone.
    """

    entries: list[AuditEntry]
    last: str | None
    accounts: Mapping[uuid.UUID, Account]
    assignments: Mapping[uuid.UUID | None, Assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditChoices:
    """By what an audit can be filtered: who did something, and the actions there are."""

    people: list[Account]
    actions: list[str]


def read_audit(session: Session, actor: Actor, course: Course, wanted: AuditFilter) -> AuditPage:
    """A page of the course's audit, in a fixed number of queries. For teachers.

    Raises Invalid for a limit that is too large, a year that no course can be in, or an unknown
    `before`.
    """
    require_teacher(session, actor, course.id)
    return _read(session, AuditEntry.course_id == course.id, wanted)


def read_installation_audit(session: Session, actor: Actor, wanted: AuditFilter) -> AuditPage:
    """A page of the installation's audit, like `read_audit`. For operators."""
    require_operator(actor)
    return _read(session, OF_INSTALLATION, wanted)


def audit_choices(session: Session, actor: Actor, course: Course) -> AuditChoices:
    """Those who changed something in a course, and the actions there are. For teachers.

    Students only join with a code, or delete their account. They would be too many.
    """
    require_teacher(session, actor, course.id)
    here = AuditEntry.course_id == course.id
    changed = AuditEntry.action.not_in(BY_STUDENTS)
    is_operator = AuditEntry.actor_id.in_(select(Account.id).where(Account.operator))
    return _choices(session, here, by=here & (changed | is_operator))


def installation_audit_choices(session: Session, actor: Actor) -> AuditChoices:
    """The operators who did something outside of courses, and the actions. For operators.

    Everybody who sets a password does something there, so the others would be too many.
    """
    require_operator(actor)
    return _choices(session, OF_INSTALLATION, Account.operator.is_(True), by=OF_INSTALLATION)


def _read(session: Session, here: ColumnElement[bool], wanted: AuditFilter) -> AuditPage:
    if not 1 <= wanted.limit <= MOST:
        message = f"Ask for 1 to {MOST} entries."
        raise Invalid(message, fields={"limit": message})
    query = _filtered(session, here, wanted)
    if wanted.before is not None:
        query = query.where(tuple_(*ORDER) < _find_position(session, here, wanted.before))
    query = query.order_by(*(column.desc() for column in ORDER)).limit(wanted.limit + 1)
    found = list(session.scalars(query))
    entries = found[: wanted.limit]
    people = {each.actor_id for each in entries} | {each.account_id for each in entries}
    work = {each.assignment_id for each in entries}
    accounts = session.scalars(select(Account).where(Account.id.in_(people - {None})))
    assignments = session.scalars(select(Assignment).where(Assignment.id.in_(work - {None})))
    return AuditPage(
        entries=entries,
        last=str(entries[-1].id) if len(found) > wanted.limit else None,
        accounts={each.id: each for each in accounts},
        assignments={each.id: each for each in assignments},
    )


def _choices(
    session: Session,
    here: ColumnElement[bool],
    *who: ColumnElement[bool],
    by: ColumnElement[bool],
) -> AuditChoices:
    """The people who made the entries `by`, and the actions of all entries here."""
    actors = select(AuditEntry.actor_id).where(by).distinct()
    people = select(Account).where(Account.id.in_(actors), Account.deleted_at.is_(None), *who)
    actions = select(AuditEntry.action).where(here).distinct().order_by(AuditEntry.action)
    return AuditChoices(
        people=list(session.scalars(people.order_by(Account.name, Account.email))),
        actions=list(session.scalars(actions)),
    )


def _filtered(
    session: Session, here: ColumnElement[bool], wanted: AuditFilter
) -> Select[AuditEntry]:
    query = select(AuditEntry).where(here)
    if wanted.person is not None:
        account = account_by_email(session, wanted.person)
        # The same answer for a stranger and for nobody: it must not show who has an account.
        query = query.where(false() if account is None else AuditEntry.actor_id == account.id)
    if wanted.action is not None:
        query = query.where(AuditEntry.action == wanted.action.replace("\0", ""))
    if wanted.since is not None:
        query = query.where(AuditEntry.happened_at >= require_moment(wanted.since, "since"))
    if wanted.until is not None:
        query = query.where(AuditEntry.happened_at < require_moment(wanted.until, "until"))
    return query


def _find_position(
    session: Session, here: ColumnElement[bool], before: str
) -> tuple[datetime, uuid.UUID]:
    position = None
    with contextlib.suppress(ValueError):
        query = select(*ORDER).where(AuditEntry.id == uuid.UUID(before), here)
        position = session.execute(query).first()
    if position is None:
        message = "`before` must be the id of an entry of this audit."
        raise Invalid(message, fields={"before": message})
    return (position[0], position[1])
