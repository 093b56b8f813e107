"""Marks that staff set by hand."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.audit.log import record
from service.courses.access import require_staff
from service.courses.models import Assignment
from service.errors import Invalid, NotFound
from service.marks.gradebook import Mark, mark_of
from service.marks.models import Override
from service.marks.reasons import find_fault
from service.people.actors import Actor
from service.people.models import Account
from service.store.base import now
from service.submissions.models import Submission


def set_override(
    session: Session, actor: Account, submission: Submission, *, score: float | None, reason: str
) -> Override:
    """Set a mark by hand, or remove it with None; commits. For staff.

    The mark replaces the computed one. Raises Invalid for a score or a reason that can't be used.
    """
    require_staff(session, actor, submission.assignment.course_id)
    mark = mark_of(session, actor, submission.assignment, submission.student)
    return _store(session, actor, mark, submission.id, score, reason)


def set_mark(
    session: Session,
    actor: Account,
    assignment: Assignment,
    student: Account,
    *,
    score: float | None,
    reason: str,
) -> Override:
    """Set a student's mark by hand, or remove it with None; commits. For staff.

    The student may have submitted nothing. Raises Invalid for a score or a reason that can't be
    used, and NotFound if there is no mark to remove.
    """
    require_staff(session, actor, assignment.course_id)
    mark = mark_of(session, actor, assignment, student)
    if score is None and mark.override is None:
        raise NotFound("No mark was set by hand for this student, so there is none to remove.")
    return _store(session, actor, mark, mark.submission_id, score, reason)


def overrides_of(
    session: Session, actor: Actor, assignment: Assignment, student: Account
) -> list[Override]:
    """All overrides of a student's mark, the newest first. Only the newest counts. For staff."""
    require_staff(session, actor, assignment.course_id)
    query = (
        select(Override)
        .where(Override.assignment_id == assignment.id, Override.student_id == student.id)
        .options(joinedload(Override.author))
        .order_by(Override.created_at.desc())
    )
    return list(session.scalars(query))


def _store(
    session: Session,
    actor: Account,
    mark: Mark,
    submission_id: uuid.UUID | None,
    score: float | None,
    reason: str,
) -> Override:
    _check_override(mark.max_score, score, reason)
    override = Override(
        assignment_id=mark.assignment.id,
        student_id=mark.student.id,
        submission_id=submission_id,
        score=score,
        max_score=mark.max_score,
        reason=reason.strip(),
        author=actor,
        created_at=now(),
    )
    session.add(override)
    record(
        session,
        actor.id,
        "override.removed" if score is None else "override.set",
        course_id=mark.assignment.course_id,
        assignment_id=mark.assignment.id,
        submission_id=submission_id,
        account_id=mark.student.id,
        before={"score": mark.given},
        after={"score": score},
    )
    session.commit()
    return override


def _check_override(max_score: float, score: float | None, reason: str) -> None:
    fields = {}
    if score is not None and not 0 <= score <= max_score:
        fields["score"] = f"Give a mark from 0 to {max_score:g}."
    if not reason.strip():
        fields["reason"] = "Say why: the student and your colleagues will read it."
    elif fault := find_fault(reason):
        fields["reason"] = fault
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)
