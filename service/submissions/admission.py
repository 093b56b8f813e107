"""Whether a submission may be accepted now, and which attempt it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, LatePolicy
from service.errors import Conflict, TooManyRequests
from service.people.models import Account
from service.submissions.models import Grading, Status, Submission


@dataclass(frozen=True, slots=True)
class History:
    """A student's attempts at an assignment: the last one's number, and how many are spent.

    `spent` leaves out files that could not be graded; see `Submission.spends_attempt`.
    """

    last_attempt: int
    spent: int


def admit(
    session: Session, assignment: Assignment, student: Account, moment: datetime, per_minute: int
) -> int:
    """The number of the next attempt; raises Conflict or TooManyRequests."""
    _reject_if_closed(assignment, moment)
    history = history_of(session, assignment, student)
    _reject_if_spent(assignment, history)
    _reject_if_too_fast(session, student, moment, per_minute)
    return history.last_attempt + 1


def history_of(session: Session, assignment: Assignment, student: Account) -> History:
    """The student's submissions so far, in one query."""
    spends = and_(Grading.status != Status.ERRORED, Grading.problem.is_(None))
    query = (
        select(
            func.coalesce(func.max(Submission.attempt), 0),
            func.count(case((spends, Submission.attempt)).distinct()),
        )
        .join(Grading)
        .where(Submission.assignment_id == assignment.id, Submission.student_id == student.id)
    )
    last_attempt, spent = session.execute(query).one()
    return History(last_attempt=last_attempt, spent=spent)


def _reject_if_closed(assignment: Assignment, moment: datetime) -> None:
    if not assignment.closed(moment):
        return
    final = assignment.deadline if assignment.late_policy is LatePolicy.REFUSE else None
    closings = (assignment.closed_at, final)
    since = min(when for when in closings if when is not None and when <= moment)
    raise Conflict(
        f"This assignment closed on {since:%Y-%m-%d at %H:%M} UTC. "
        "Ask your teacher if you think that you should still submit.",
        code="closed",
    )


def _reject_if_spent(assignment: Assignment, history: History) -> None:
    limit = assignment.attempt_limit
    if limit is not None and history.spent >= limit:
        raise Conflict(
            "You have used all your attempts. Your best one counts. Ask your teacher for more.",
            code="no_attempts_left",
        )


def _reject_if_too_fast(
    session: Session, student: Account, moment: datetime, per_minute: int
) -> None:
    minute_ago = moment - timedelta(minutes=1)
    # Later ones are from before the clock was set back. They must not lock the student out.
    latest = moment + timedelta(minutes=1)
    query = (
        select(Submission.submitted_at)
        .where(
            Submission.student_id == student.id,
            Submission.submitted_at > minute_ago,
            Submission.submitted_at <= latest,
        )
        .order_by(Submission.submitted_at.desc())
        .limit(per_minute)
    )
    recent = list(session.scalars(query))
    if len(recent) < per_minute:
        return
    seconds = max(1, math.ceil((recent[-1] - minute_ago).total_seconds()))
    raise TooManyRequests(
        f"At most {per_minute} submissions a minute. Try again in {seconds} s.",
        retry_after=seconds,
    )
