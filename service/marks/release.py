"""Marks that are held back until staff release them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.audit.log import record
from service.courses.access import require_teacher
from service.courses.models import Assignment
from service.errors import Conflict
from service.people.actors import Actor, id_of
from service.store.base import now


def is_held(assignment: Assignment) -> bool:
    """Whether students don't see scores and marks of an assignment yet."""
    return bool(assignment.hold_marks) and assignment.released_at is None


def release_marks(session: Session, actor: Actor, assignment: Assignment) -> None:
    """Show the marks that an assignment holds back to its students; commits. For teachers.

    Releasing them a second time changes nothing. Raises Conflict if nothing is held back.
    """
    require_teacher(session, actor, assignment.course_id)
    if not assignment.hold_marks:
        raise Conflict(
            "Marks of this assignment aren't held back. Students see them as they are computed.",
            code="not_held",
        )
    if assignment.released_at is not None:
        return
    assignment.released_at = now()
    record(
        session,
        id_of(actor),
        "marks.released",
        course_id=assignment.course_id,
        assignment_id=assignment.id,
    )
    session.commit()
