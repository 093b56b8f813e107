"""Extensions: another deadline or attempt limit for one student. Teachers give them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record_change
from service.courses.access import require_staff, require_teacher
from service.courses.models import Assignment, Extension
from service.courses.moments import require_moment
from service.courses.options import MAX_ATTEMPTS
from service.errors import Invalid, NotFound
from service.marks.reasons import find_fault
from service.people.actors import Actor, id_of
from service.people.models import Account
from service.store.base import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What an extension gives; None keeps the assignment's. Only staff see the reason."""

    deadline: datetime | None = None
    attempt_limit: int | None = None
    reason: str = ""


def set_extension(
    session: Session, actor: Actor, assignment: Assignment, student: Account, grant: Grant
) -> Extension:
    """Give a student an extension, or replace the one they have; commits. For teachers.

    Raises Invalid for values that can't be used. The latest deadline and the highest limit hold, so
    an extension that says less than the assignment changes nothing.
    """
    require_teacher(session, actor, assignment.course_id)
    grant = _check(grant)
    try:
        return _store(session, actor, assignment, student, grant)
    except IntegrityError:  # somebody else gave one at the same moment
        session.rollback()
        return _store(session, actor, assignment, student, grant)


def remove_extension(
    session: Session, actor: Actor, assignment: Assignment, student: Account
) -> None:
    """Take a student's extension away; commits. For teachers. Raises NotFound if there is none.

    What was submitted stays, and is late if it came after the assignment's deadline.
    """
    require_teacher(session, actor, assignment.course_id)
    extension = session.get(Extension, (assignment.id, student.id))
    if extension is None:
        raise NotFound("This student has no extension for this assignment.")
    before = _values(extension)
    session.delete(extension)
    _record(session, actor, "extension.removed", assignment, student, before, {})
    session.commit()


def list_extensions(session: Session, actor: Actor, assignment: Assignment) -> list[Extension]:
    """All extensions of an assignment, by the student's name. For staff."""
    require_staff(session, actor, assignment.course_id)
    query = (
        select(Extension)
        .join(Extension.student)
        .where(Extension.assignment_id == assignment.id)
        .options(joinedload(Extension.student))
        .order_by(Account.name, Account.email)
    )
    return list(session.scalars(query))


def _store(
    session: Session, actor: Actor, assignment: Assignment, student: Account, grant: Grant
) -> Extension:
    extension = session.get(Extension, (assignment.id, student.id))
    before = {} if extension is None else _values(extension)
    after = {
        "deadline": grant.deadline,
        "attempt_limit": grant.attempt_limit,
        "reason": grant.reason.strip(),
    }
    if extension is not None and before == after:
        return extension
    if extension is None:
        extension = Extension(assignment_id=assignment.id, student=student)
        session.add(extension)
    for name, value in after.items():
        setattr(extension, name, value)
    extension.author_id = id_of(actor)
    extension.created_at = now()
    _record(session, actor, "extension.set", assignment, student, before, after)
    session.commit()
    return extension


def _record(
    session: Session,
    actor: Actor,
    action: str,
    assignment: Assignment,
    student: Account,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    record_change(
        session,
        id_of(actor),
        action,
        before=before,
        after=after or dict.fromkeys(before),
        course_id=assignment.course_id,
        assignment_id=assignment.id,
        account_id=student.id,
    )


def _values(extension: Extension) -> dict[str, Any]:
    return {
        "deadline": extension.deadline,
        "attempt_limit": extension.attempt_limit,
        "reason": extension.reason,
    }


def _check(grant: Grant) -> Grant:
    fields = {}
    if grant.deadline is None and grant.attempt_limit is None:
        fields["deadline"] = "Give another deadline, another attempt limit, or both."
    limit = grant.attempt_limit
    if limit is not None and not 1 <= limit <= MAX_ATTEMPTS:
        fields["attempt_limit"] = f"Give a number of attempts from 1 to {MAX_ATTEMPTS:,}."
    if fault := find_fault(grant.reason):
        fields["reason"] = fault
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)
    if grant.deadline is None:
        return grant
    return replace(grant, deadline=require_moment(grant.deadline, "deadline"))
