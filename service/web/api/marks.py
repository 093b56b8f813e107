"""Marks of students in an assignment: set one by hand, and release what is held back."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from service.courses import assignments
from service.courses.models import Assignment
from service.courses.students import find_student
from service.marks import overrides, release
from service.marks.gradebook import Mark, mark_of
from service.people.models import Account
from service.web.api.operation import Answer, Body, operation
from service.web.bodies import REASON

of_assignment = Blueprint("api_marks", __name__)

REMOVED = "The mark that was set by hand was removed."


class MarkBody(Body):
    """A mark in place of the computed one, with a reason that the student sees."""

    score: float
    reason: str


class MarkAnswer(Answer):
    """A student's mark. `mark` counts; null if there is none yet.

    `score` is what the grading computed, and `deduction` what it loses for being late; `why` says
    so in words. `given` is a mark that was set by hand, with its `reason`.
    """

    email: str
    mark: float | None
    score: float | None
    deduction: float
    why: str
    given: float | None
    reason: str | None
    max_score: float
    attempts: int


class Released(Answer):
    """When the marks were released."""

    released_at: datetime


@of_assignment.get("/marks/<email>")
@operation("Read a student's mark (staff)", errors=(403,))
def read_mark(
    actor: Account, session: Session, slug: str, email: str, course: str | None = None
) -> MarkAnswer:
    """Read a student's mark, and how it came about."""
    assignment, student = _find(session, actor, slug, email, course)
    return _to_answer(mark_of(session, actor, assignment, student))


@of_assignment.put("/marks/<email>")
@operation("Set a student's mark by hand (staff)", errors=(403,), limit=REASON)
def put_mark(
    actor: Account,
    session: Session,
    slug: str,
    email: str,
    body: MarkBody,
    course: str | None = None,
) -> MarkAnswer:
    """Set a mark by hand. The student may have submitted nothing."""
    assignment, student = _find(session, actor, slug, email, course)
    overrides.set_mark(session, actor, assignment, student, score=body.score, reason=body.reason)
    return _to_answer(mark_of(session, actor, assignment, student))


@of_assignment.delete("/marks/<email>")
@operation("Remove a mark that was set by hand (staff)", status=204, errors=(403,))
def delete_mark(
    actor: Account, session: Session, slug: str, email: str, course: str | None = None
) -> Response:
    """Let the computed mark count again."""
    assignment, student = _find(session, actor, slug, email, course)
    overrides.set_mark(session, actor, assignment, student, score=None, reason=REMOVED)
    return Response(status=204)


@of_assignment.post("/release")
@operation("Release the marks that are held back (teachers)", errors=(403, 409))
def release_marks(
    actor: Account, session: Session, slug: str, course: str | None = None
) -> Released:
    """Show students their scores and marks. Does nothing when they were released already."""
    assignment = assignments.find_assignment(session, actor, slug, course)
    release.release_marks(session, actor, assignment)
    assert assignment.released_at is not None
    return Released(released_at=assignment.released_at)


def _find(
    session: Session, actor: Account, slug: str, email: str, course: str | None
) -> tuple[Assignment, Account]:
    assignment = assignments.find_assignment(session, actor, slug, course)
    return assignment, find_student(session, actor, assignment.course_id, email)


def _to_answer(mark: Mark) -> MarkAnswer:
    return MarkAnswer(
        email=mark.student.email,
        mark=mark.effective,
        score=mark.score,
        deduction=mark.deduction,
        why=mark.why,
        given=mark.given,
        reason=None if mark.override is None else mark.override.reason,
        max_score=mark.max_score,
        attempts=mark.attempts,
    )
