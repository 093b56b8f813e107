"""Marks that staff set in place of the computed ones."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from service.courses.access import require_staff
from service.courses.models import Assignment
from service.errors import Invalid
from service.marks.gradebook import mark_of
from service.marks.models import Override
from service.people.models import Account
from service.store.base import now
from service.submissions.models import Submission

MAX_REASON = 2_000  # characters


def set_override(
    session: Session, *, submission: Submission, score: float | None, reason: str, author: Account
) -> Override:
    """Put a teacher's score in place of the computed one, or with None take that back; commits."""
    require_staff(session, author, submission.assignment.course_id)
    mark = mark_of(session, submission.assignment, submission.student)
    _check_override(mark.max_score, score, reason)
    override = Override(
        assignment_id=submission.assignment_id,
        student_id=submission.student_id,
        submission_id=submission.id,
        score=score,
        max_score=mark.max_score,
        reason=reason.strip(),
        author=author,
        created_at=now(),
    )
    session.add(override)
    session.commit()
    return override


def overrides_of(session: Session, assignment: Assignment, student: Account) -> list[Override]:
    """All overrides of a student's mark, the newest first: it is the one that counts."""
    query = (
        select(Override)
        .where(Override.assignment_id == assignment.id, Override.student_id == student.id)
        .options(joinedload(Override.author))
        .order_by(Override.created_at.desc())
    )
    return list(session.scalars(query))


def _check_override(max_score: float, score: float | None, reason: str) -> None:
    fields = {}
    if score is not None and not 0 <= score <= max_score:
        fields["score"] = f"Give a mark from 0 to {max_score:g}."
    if not reason.strip() or "\0" in reason:
        fields["reason"] = "Say why: the student and your colleagues will read it."
    elif len(reason) > MAX_REASON:
        fields["reason"] = f"Say it in at most {MAX_REASON:,} characters."
    if fields:
        raise Invalid(" ".join(fields.values()), fields=fields)
