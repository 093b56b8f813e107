"""Find and list submissions."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from service.courses.access import is_staff
from service.courses.models import Assignment
from service.errors import Invalid, NotFound
from service.people.models import Account
from service.submissions.admission import history_of
from service.submissions.models import Grading, Status, Submission

SHOWN = 50  # submissions in a list, unless asked for more


LISTED_BY = (Submission.submitted_at, Submission.attempt, Submission.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """Submissions, the newest first; `last` is where older ones go on, None at the end."""

    submissions: list[Submission]
    last: str | None


def find_submission(session: Session, viewer: Account, submission_id: uuid.UUID) -> Submission:
    """A submission of the viewer's own, or of a course whose staff they are; else NotFound."""
    query = (
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.student),
            joinedload(Submission.assignment).options(
                joinedload(Assignment.course), selectinload(Assignment.suites)
            ),
            selectinload(Submission.gradings),
        )
    )
    submission = session.scalar(query)
    if submission is not None and _may_see(session, viewer, submission):
        return submission
    raise NotFound("There is no such submission, or it is not yours to see.")


def list_submissions(
    session: Session,
    assignment: Assignment,
    student: Account | None,
    *,
    limit: int = SHOWN,
    before: str | None = None,
) -> Listed:
    """A student's submissions to an assignment, or with None everybody's, the newest first.

    They go on after the one that `before` names; Invalid where that is none of them.
    """
    mine = Submission.assignment_id == assignment.id
    if student is not None:
        mine = and_(mine, Submission.student_id == student.id)
    query = (
        select(Submission)
        .where(mine)
        .options(
            defer(Submission.source),
            joinedload(Submission.student),
            selectinload(Submission.gradings),
        )
        .order_by(*(column.desc() for column in LISTED_BY))
        .limit(limit + 1)
    )
    if before is not None:
        query = query.where(tuple_(*LISTED_BY) < _find_place(session, mine, before))
    found = list(session.scalars(query))
    more = len(found) > limit
    return Listed(found[:limit], str(found[limit - 1].id) if more else None)


def attempts_left(session: Session, assignment: Assignment, student: Account) -> int | None:
    """How often the student may still hand in; None without a limit. Our faults spend nothing."""
    if assignment.attempt_limit is None:
        return None
    return max(0, assignment.attempt_limit - history_of(session, assignment, student).spent)


def queue_position(session: Session, grading: Grading) -> int | None:
    """How manieth a grading is in the queue, 1 is the next; None unless it is queued."""
    if grading.status is not Status.QUEUED:
        return None
    earlier: ColumnElement[bool] = or_(
        Grading.queued_at < grading.queued_at,
        and_(Grading.queued_at == grading.queued_at, Grading.id < grading.id),
    )
    query = select(func.count(Grading.id)).where(Grading.status == Status.QUEUED, earlier)
    return session.scalars(query).one() + 1


def _may_see(session: Session, viewer: Account, submission: Submission) -> bool:
    if submission.student_id == viewer.id:
        return True
    return is_staff(session, viewer, submission.assignment.course_id)


def _find_place(
    session: Session, mine: ColumnElement[bool], before: str
) -> tuple[datetime, int, uuid.UUID]:
    """Where a listing goes on: the last submission's values of what it is sorted by."""
    place = None
    with contextlib.suppress(ValueError):
        last = uuid.UUID(before)
        place = session.execute(select(*LISTED_BY).where(mine, Submission.id == last)).first()
    if place is None:
        message = "`before` is not where a list of these submissions goes on."
        raise Invalid(message, fields={"before": message})
    return (place[0], place[1], place[2])
