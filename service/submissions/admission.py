"""Whether a submission may be taken now, and which attempt it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, LatePolicy
from service.errors import Conflict, TooManyRequests
from service.people.models import Account
from service.submissions.models import Grading, Status, Submission


@dataclass(frozen=True, slots=True)
class History:
    """A student's attempts at an assignment: the last ordinal, and how many count as spent."""

    last_attempt: int
    spent: int


def admit(
    session: Session, assignment: Assignment, student: Account, moment: datetime, per_minute: int
) -> int:
    """The ordinal of the next attempt; raises Conflict or TooManyRequests."""
    _refuse_closed(assignment, moment)
    history = history_of(session, assignment, student)
    _refuse_spent(assignment, history)
    _refuse_haste(session, student, moment, per_minute)
    return history.last_attempt + 1


def history_of(session: Session, assignment: Assignment, student: Account) -> History:
    """What the student has handed in so far; what failed on our side alone spends nothing."""
    query = (
        select(Submission.attempt, Grading.status)
        .join(Grading)
        .where(Submission.assignment_id == assignment.id, Submission.student_id == student.id)
    )
    seen = session.execute(query).all()
    return History(
        last_attempt=max((attempt for attempt, _ in seen), default=0),
        spent=len({attempt for attempt, status in seen if status is not Status.ERRORED}),
    )


def _refuse_closed(assignment: Assignment, moment: datetime) -> None:
    if not assignment.closed(moment):
        return
    final = assignment.deadline if assignment.late_policy is LatePolicy.REFUSE else None
    closings = (assignment.closed_at, final)
    since = min(when for when in closings if when is not None and when <= moment)
    raise Conflict(
        f"This assignment closed on {since:%Y-%m-%d at %H:%M} UTC. "
        "Ask your teacher if you think that you should still hand in.",
        code="closed",
    )


def _refuse_spent(assignment: Assignment, history: History) -> None:
    limit = assignment.attempt_limit
    if limit is not None and history.spent >= limit:
        raise Conflict(
            f"All {limit} attempts are used. Your best one counts; your teacher can say more.",
            code="no_attempts_left",
        )


def _refuse_haste(session: Session, student: Account, moment: datetime, per_minute: int) -> None:
    minute_ago = moment - timedelta(minutes=1)
    query = (
        select(Submission.submitted_at)
        .where(Submission.student_id == student.id, Submission.submitted_at > minute_ago)
        .order_by(Submission.submitted_at.desc())
        .limit(per_minute)
    )
    recent = list(session.scalars(query))
    if len(recent) < per_minute:
        return
    seconds = max(1, math.ceil((recent[-1] - minute_ago).total_seconds()))
    raise TooManyRequests(
        f"At most {per_minute} submissions a minute. Try again in {seconds} seconds.",
        retry_after=seconds,
    )
