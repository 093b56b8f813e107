"""Bring a whole roster into a course: all of it, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record_change
from service.courses.access import STAFF, require_teacher
from service.courses.models import Course, Enrolment, Role
from service.courses.roster import add_enrolment, change_role, lock_people
from service.courses.roster_file import LineMessage, Roster, Row
from service.errors import Conflict
from service.people.actors import (
    UNCONFIRMED,
    Actor,
    LocalOperator,
    id_of,
    lacks_confirmation,
)
from service.people.links import lock_accounts
from service.people.models import Account
from service.people.personal import check_email, check_name, check_student_number
from service.store.database import in_chunks


class Outcome(StrEnum):
    """What an import does with a row."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an import does with one row; `fields` are those that change."""

    row: Row
    outcome: Outcome
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did, or would do. With an error, it does nothing.

    `notes` say which values of the roster aren't used, because the account isn't this course's.
    """

    steps: tuple[Step, ...]
    errors: tuple[LineMessage, ...]
    notes: tuple[LineMessage, ...]
    applied: bool

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return sum(step.outcome is outcome for step in self.steps)


def import_roster(
    session: Session, actor: Actor, course: Course, roster: Roster, *, dry_run: bool = False
) -> Imported:
    """Add the people of a roster, and change those who are in the course already; commits.

    Nobody is removed. A new e-mail gets an account without a password. The name and number of an
    account change only if it belongs to this course: it was made here, and is in no course of
    other teachers. An account that was made with a join code gets a staff role only after a
    one-time link was used; until then the person is a student. A dry run says no more about an
    account outside the course than about a new one.
    """
    require_teacher(session, actor, course.id)
    lock_people(session, course)
    present = _read_present(session, course)
    steps, notes = _plan(actor, roster.rows, present, _read_ours(session, actor, present))
    errors = [*roster.errors, *_find_errors(steps, present)]
    if not (dry_run or errors):
        notes += _apply(session, actor, course, steps, present)
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise Conflict("Somebody else changed the roster just now. Try again.") from None
    return Imported(
        steps=tuple(steps),
        errors=tuple(sorted(errors, key=lambda each: each.line)),
        notes=tuple(notes),
        applied=not (dry_run or errors),
    )


def add_person(
    session: Session,
    actor: Actor,
    course: Course,
    *,
    email: str,
    name: str,
    student_number: str = "",
    role: Role = Role.STUDENT,
) -> Imported:
    """Add one person, or change somebody who is in the course, as an import would; commits.

    Raises Invalid, or Conflict for the last teacher.
    """
    row = Row(
        line=1,
        email=check_email(email),
        name=check_name(name),
        student_number=check_student_number(student_number) or None,
        role=role,
    )
    result = import_roster(session, actor, course, Roster(rows=(row,), errors=()))
    for error in result.errors:
        raise Conflict(error.message, code="last_teacher")
    return result


def _read_present(session: Session, course: Course) -> dict[str, Enrolment]:
    query = select(Enrolment).where(Enrolment.course_id == course.id)
    query = query.options(joinedload(Enrolment.account)).execution_options(populate_existing=True)
    return {each.account.email: each for each in session.scalars(query)}


def _read_ours(session: Session, actor: Actor, present: dict[str, Enrolment]) -> set[uuid.UUID]:
    """The accounts whose names and numbers the actor may change."""
    if isinstance(actor, LocalOperator):
        return {each.account_id for each in present.values()}
    made_here = {
        each.account_id
        for each in present.values()
        if each.may_reset and not (each.account.operator or each.account.may_create_courses)
    }
    taught = select(Enrolment.course_id).where(
        Enrolment.account_id == actor.id, Enrolment.role == Role.TEACHER
    )
    elsewhere = select(Enrolment.account_id).where(Enrolment.course_id.not_in(taught))
    for some in in_chunks(sorted(made_here)):
        made_here -= set(session.scalars(elsewhere.where(Enrolment.account_id.in_(some))))
    return made_here


def _plan(
    actor: Actor, rows: Iterable[Row], present: dict[str, Enrolment], ours: set[uuid.UUID]
) -> tuple[list[Step], list[LineMessage]]:
    steps, notes = [], []
    for row in rows:
        enrolment = present.get(row.email)
        if enrolment is None:
            steps.append(Step(row=row, outcome=Outcome.ADDED))
            continue
        account = enrolment.account
        personal = _differing(row, account)
        if personal and account.id not in ours:
            notes.append(_keeps_its_own(row))
            personal = ()
        role = ("role",) if row.role not in {None, enrolment.role} else ()
        if role and row.role in STAFF and lacks_confirmation(actor, account):
            notes.append(_has_no_role_yet(row))
            role = ()
        fields = (*personal, *role)
        outcome = Outcome.CHANGED if fields else Outcome.UNCHANGED
        steps.append(Step(row=row, outcome=outcome, fields=fields))
    return steps, notes


def _find_errors(steps: Sequence[Step], present: dict[str, Enrolment]) -> Iterator[LineMessage]:
    for step in steps:
        # Asked for whether or not there is an account: an error must not show which it is.
        if step.outcome is Outcome.ADDED and step.row.name is None:
            message = f"{step.row.email} isn't in the course yet. Give the person's name."
            yield LineMessage(line=step.row.line, message=message)
    roles = {email: enrolment.role for email, enrolment in present.items()}
    had_teacher = Role.TEACHER in roles.values()
    roles |= {step.row.email: step.row.role for step in steps if step.row.role is not None}
    if had_teacher and Role.TEACHER not in roles.values():
        last = next(step.row for step in steps if "role" in step.fields)
        yield LineMessage(line=last.line, message="The course would have no teacher left.")


def _apply(
    session: Session,
    actor: Actor,
    course: Course,
    steps: Sequence[Step],
    present: dict[str, Enrolment],
) -> list[LineMessage]:
    notes = []
    added = [step.row for step in steps if step.outcome is Outcome.ADDED]
    known = _read_accounts(session, [row.email for row in added])
    changed = [step for step in steps if step.outcome is Outcome.CHANGED]
    ids = {present[step.row.email].account_id for step in changed}
    lock_accounts(session, ids | {account.id for account in known.values()})
    for row in added:
        account = known.get(row.email)
        made_here = account is None
        if account is None:
            account = Account(
                email=row.email, name=row.name, student_number=row.student_number or ""
            )
            account.id = uuid.uuid4()
            session.add(account)
        elif _differing(row, account):
            notes.append(_keeps_its_own(row))
        may_reset = made_here or isinstance(actor, LocalOperator)
        role = row.role or Role.STUDENT
        if role in STAFF and lacks_confirmation(actor, account):
            notes.append(_has_no_role_yet(row))
            role = Role.STUDENT
        add_enrolment(session, actor, course, account, role, may_reset=may_reset)
    # Teachers are made before others stop being teachers, so that there is always one.
    for step in sorted(changed, key=lambda each: each.row.role is not Role.TEACHER):
        _change(session, actor, present[step.row.email], step)
    return notes


def _change(session: Session, actor: Actor, enrolment: Enrolment, step: Step) -> None:
    row, account = step.row, enrolment.account
    if "role" in step.fields and row.role is not None:
        change_role(session, actor, enrolment, row.role)
    personal = [field for field in step.fields if field != "role"]
    before = {field: getattr(account, field) for field in personal}
    for field in personal:
        setattr(account, field, getattr(row, field))
    record_change(
        session,
        id_of(actor),
        "account.changed",
        course_id=enrolment.course_id,
        account_id=account.id,
        before=before,
        after={field: getattr(row, field) for field in personal},
    )


def _read_accounts(session: Session, emails: Sequence[str]) -> dict[str, Account]:
    found: dict[str, Account] = {}
    for some in in_chunks(emails):
        for account in session.scalars(select(Account).where(Account.email.in_(some))):
            found[account.email] = account
    return found


def _differing(row: Row, account: Account) -> tuple[str, ...]:
    return tuple(
        field
        for field in ("name", "student_number")
        if getattr(row, field) not in {None, getattr(account, field)}
    )


def _keeps_its_own(row: Row) -> LineMessage:
    message = (
        f"{row.email} keeps the name and number of their account. "
        "Only the person or an operator can change them."
    )
    return LineMessage(line=row.line, message=message)


def _has_no_role_yet(row: Row) -> LineMessage:
    return LineMessage(line=row.line, message=f"{row.email} has no staff role yet. {UNCONFIRMED}")
