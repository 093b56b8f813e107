"""Whether a submission may be accepted now, and which attempt it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from service.courses.access import is_staff
from service.courses.deadlines import Terms, terms_of
from service.courses.models import Assignment, Course
from service.courses.time_zones import by_clock, zone_of
from service.errors import Conflict, TooManyRequests
from service.people.models import Account
from service.store.base import now
from service.submissions.models import Grading, Status, Submission


@dataclass(frozen=True, slots=True)
class History:
    """A student's attempts at an assignment: the last one's number, and how many are spent.

    `spent` leaves out files that could not be graded; see `Submission.spends_attempt`.
    """

    last_attempt: int
    spent: int


CLOCK_SKEW = timedelta(minutes=1)  # later submissions are from before the clock was set back
SPENDS = and_(Grading.status != Status.ERRORED, Grading.problem.is_(None), ~Grading.preview)


def admit(
    session: Session, assignment: Assignment, student: Account, moment: datetime, per_minute: int
) -> int:
    """The number of the next attempt; raises Conflict or TooManyRequests.

    `moment` is when the submission had arrived. The student's extension counts. Staff who try an
    assignment out may do so at any time and as often as they like; only the rate is limited.
    """
    history = history_of(session, assignment, student)
    if not is_staff(session, student, assignment.course_id):
        terms = terms_of(session, assignment, student)
        _reject_unless_open(terms, assignment.course, moment)
        _reject_if_spent(terms, history)
        _reject_if_paused(session, assignment, student, moment)
    _reject_if_too_fast(session, student, moment, per_minute)
    return history.last_attempt + 1


def history_of(session: Session, assignment: Assignment, student: Account) -> History:
    """The student's submissions so far, in one query."""
    query = (
        select(
            func.coalesce(func.max(Submission.attempt), 0),
            func.count(case((SPENDS, Submission.attempt)).distinct()),
        )
        .join(Grading)
        .where(Submission.assignment_id == assignment.id, Submission.student_id == student.id)
    )
    last_attempt, spent = session.execute(query).one()
    return History(last_attempt=last_attempt, spent=spent)


def pause_ends(
    session: Session, assignment: Assignment, student: Account, moment: datetime
) -> datetime | None:
    """When the student may submit again after the last attempt; None if they may now.

    A file that could not be graded starts no pause, and neither does one that staff submitted.
    From now on, nobody waits longer than the pause and a minute, even if the clock was set back.
    """
    pause = timedelta(minutes=assignment.pause_minutes)
    if not pause:
        return None
    # The clock of another web server may be ahead. What is later still is from before the clock was
    # set back: it might have been long ago.
    latest = max(moment, now()) + CLOCK_SKEW
    query = (
        select(func.max(Submission.submitted_at))
        .join(Grading)
        .where(
            Submission.assignment_id == assignment.id,
            Submission.student_id == student.id,
            Submission.submitted_by_id.is_(None),
            Submission.submitted_at > moment - pause,
            Submission.submitted_at <= latest,
            SPENDS,
        )
    )
    last = session.scalar(query)
    return None if last is None else last + pause


def _reject_unless_open(terms: Terms, course: Course, moment: datetime) -> None:
    if terms.opens_at is not None and not terms.opened(moment):
        raise Conflict(
            f"This assignment opens on {by_clock(terms.opens_at, course)}. Submit then.",
            code="not_open_yet",
        )
    if terms.final is not None and terms.closed(moment):
        raise Conflict(
            f"This assignment closed on {by_clock(terms.final, course)}. "
            "Ask your teacher if you think that you should still submit.",
            code="closed",
        )


def _reject_if_spent(terms: Terms, history: History) -> None:
    if terms.attempt_limit is not None and history.spent >= terms.attempt_limit:
        raise Conflict(
            "You have used all your attempts. Ask your teacher if you need another one.",
            code="no_attempts_left",
        )


def _reject_if_paused(
    session: Session, assignment: Assignment, student: Account, moment: datetime
) -> None:
    ends = pause_ends(session, assignment, student, moment)
    if ends is None:
        return
    minutes, local = assignment.pause_minutes, ends.astimezone(zone_of(assignment.course))
    raise TooManyRequests(
        f"Wait {minutes} {'minute' if minutes == 1 else 'minutes'} between two attempts. "
        f"You can submit again at {local:%H:%M:%S %Z}.",
        retry_after=max(1, math.ceil((ends - moment).total_seconds())),
    )


def _reject_if_too_fast(
    session: Session, student: Account, moment: datetime, per_minute: int
) -> None:
    minute_ago = moment - timedelta(minutes=1)
    # Later ones must not lock the student out.
    latest = moment + CLOCK_SKEW
    query = (
        select(Submission.submitted_at)
        .where(
            Submission.student_id == student.id,
            Submission.submitted_by_id.is_(None),
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
