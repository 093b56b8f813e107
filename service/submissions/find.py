"""Find and list submissions."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from service.courses.access import is_staff, require_enrolled, require_self_or_staff, require_staff
from service.courses.deadlines import Terms, terms_of
from service.courses.models import Assignment
from service.errors import Invalid, NotFound
from service.people.actors import Actor, is_self
from service.people.models import Account
from service.store.base import now
from service.submissions.admission import history_of, pause_ends
from service.submissions.line import find_position
from service.submissions.models import Grading, Status, Submission

SHOWN = 50  # submissions in a list, unless asked for more
LISTED_BY = (Submission.submitted_at, Submission.attempt, Submission.id)


@dataclass(frozen=True, slots=True)
class Listed:
    """Submissions, the newest first. `last` is the `before` of older ones; None at the end."""

    submissions: list[Submission]
    last: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a student may do in an assignment.

    `attempts_left` is None without a limit, `pause_ends` unless the student must wait. Nothing
    limits staff, who try the assignment out.
    """

    terms: Terms
    attempts_left: int | None = None
    pause_ends: datetime | None = None
    tries_out: bool = False


def find_submission(session: Session, actor: Actor, submission_id: uuid.UUID) -> Submission:
    """One of the actor's own submissions, or one of a course that they teach or assist in.

    Raises NotFound for any other, so nobody learns what exists.
    """
    query = (
        select(Submission)
        .where(Submission.id == submission_id)
        .options(
            joinedload(Submission.student),
            joinedload(Submission.submitted_by),
            joinedload(Submission.assignment).options(
                joinedload(Assignment.course), selectinload(Assignment.suites)
            ),
            selectinload(Submission.gradings),
        )
    )
    submission = session.scalar(query)
    if submission is not None and _may_see(session, actor, submission):
        return submission
    raise _not_found()


def find_own(
    session: Session, actor: Account, assignment: Assignment, submission_id: uuid.UUID
) -> Submission:
    """One of the actor's own submissions to an assignment; raises NotFound for any other."""
    submission = find_submission(session, actor, submission_id)
    if not is_self(actor, submission.student) or submission.assignment_id != assignment.id:
        raise _not_found()
    return submission


def list_submissions(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    student: Account | None,
    *,
    limit: int = SHOWN,
    before: str | None = None,
) -> Listed:
    """A student's submissions to an assignment, the newest first; with None, everybody's.

    `before` is the id of a submission in this list: the answer has the ones after it. Raises
    Invalid for any other id. Students may list only their own.
    """
    if student is None:
        require_staff(session, actor, assignment.course_id)
    else:
        require_enrolled(session, actor, assignment.course_id)
        require_self_or_staff(session, actor, student, assignment.course_id)
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
        query = query.where(tuple_(*LISTED_BY) < _find_position(session, mine, before))
    found = list(session.scalars(query))
    more = len(found) > limit
    return Listed(found[:limit], str(found[limit - 1].id) if more else None)


def attempts_left(
    session: Session, actor: Actor, assignment: Assignment, student: Account
) -> int | None:
    """How many attempts a student has left; None without a limit. For the student and staff.

    A file that could not be graded uses up none; see `Submission.spends_attempt`. Staff who try the
    assignment out have no limit.
    """
    return standing(session, actor, assignment, student, now()).attempts_left


def standing(
    session: Session, actor: Actor, assignment: Assignment, student: Account, moment: datetime
) -> Standing:
    """What a student may do in an assignment at a moment. For the student and staff."""
    require_self_or_staff(session, actor, student, assignment.course_id)
    if is_staff(session, student, assignment.course_id):
        return Standing(terms=Terms.of(assignment), tries_out=True)
    terms = terms_of(session, assignment, student)
    left = None
    if terms.attempt_limit is not None:
        left = max(0, terms.attempt_limit - history_of(session, assignment, student).spent)
    ends = pause_ends(session, assignment, student, moment)
    return Standing(terms=terms, attempts_left=left, pause_ends=ends)


def queue_position(session: Session, actor: Actor, grading: Grading) -> int | None:
    """A grading's position in the fair order of the queue; 1 is next, None if it isn't queued.

    It rises when others submit who have had less lately.
    """
    if not _may_see(session, actor, grading.submission):
        raise _not_found()
    if grading.status is not Status.QUEUED:
        return None
    return find_position(session, grading)


def _may_see(session: Session, actor: Actor, submission: Submission) -> bool:
    return is_self(actor, submission.student) or is_staff(
        session, actor, submission.assignment.course_id
    )


def _find_position(
    session: Session, mine: ColumnElement[bool], before: str
) -> tuple[datetime, int, uuid.UUID]:
    """The values that a list is sorted by, of its submission `before`."""
    position = None
    with contextlib.suppress(ValueError):
        last = uuid.UUID(before)
        position = session.execute(select(*LISTED_BY).where(mine, Submission.id == last)).first()
    if position is None:
        message = "`before` must be the id of a submission in this list."
        raise Invalid(message, fields={"before": message})
    return (position[0], position[1], position[2])


def _not_found() -> NotFound:
    return NotFound("There is no such submission, or you may not see it.")
