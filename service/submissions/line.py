"""The queue as the database has it: who waits, who has had what lately, and which is next."""

from __future__ import annotations

import itertools
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from service.courses.models import Course
from service.store.database import read_clock
from service.submissions.fairness import RESERVED_SECONDS, Group, Line, Shares
from service.submissions.models import Grading, Status
from service.submissions.slots import count_slots

LATELY = timedelta(minutes=10)  # gradings that ended in this time count
SKEW = timedelta(minutes=1)  # clocks may differ by this much; a later moment was before a set-back


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseQueue:
    """The queued gradings of a course, and how long the oldest has waited."""

    length: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """The queue as it stands. Regrades are counted too.

    `oldest_seconds` is how long the oldest queued grading has waited, None if none is queued.
    `last_started_seconds` is how long ago a worker last started one, None if that never happened.
    `by_course` has the slugs of courses with queued gradings.
    """

    length: int
    oldest_seconds: float | None
    last_started_seconds: float | None
    by_course: Mapping[str, CourseQueue]


def read_queue(session: Session) -> QueueState:
    """The queue's length and age, for probes and metrics."""
    moment = read_clock(session)
    waiting = (
        select(Grading.course_id, func.count().label("length"), func.min(Grading.queued_at))
        .where(Grading.status == Status.QUEUED)
        .group_by(Grading.course_id)
    )
    started = select(func.max(Grading.started_at)).where(Grading.started_at <= moment)
    last_started = session.scalar(started)
    courses = {
        course_id: CourseQueue(length=length, oldest_seconds=_age(moment, oldest))
        for course_id, length, oldest in session.execute(waiting)
    }
    slugs = select(Course.id, Course.slug).where(Course.id.in_(courses))
    return QueueState(
        length=sum(each.length for each in courses.values()),
        oldest_seconds=max((each.oldest_seconds for each in courses.values()), default=None),
        last_started_seconds=None if last_started is None else _age(moment, last_started),
        by_course={slug: courses[course_id] for course_id, slug in session.execute(slugs)},
    )


def _age(moment: datetime, earlier: datetime) -> float:
    """Seconds since an earlier moment; 0 if the clock was set back since."""
    return max(0.0, (moment - earlier).total_seconds())


def read_line(session: Session, moment: datetime) -> Line:
    """The queue at a moment. The queries read indexes only."""
    waiting = (
        select(
            Grading.student_id,
            Grading.course_id,
            Grading.ordinal,
            func.count(),
            func.min(Grading.queued_at),
            func.max(Grading.queued_at),
        )
        .where(Grading.status == Status.QUEUED)
        .group_by(Grading.student_id, Grading.course_id, Grading.ordinal)
    )
    groups = [
        Group(
            student=student,
            course=course,
            ordinal=ordinal,
            length=length,
            waited=math.inf if newest > moment + SKEW else (moment - oldest).total_seconds(),
        )
        for student, course, ordinal, length, oldest, newest in session.execute(waiting)
    ]
    if not groups:
        return Line(groups=(), submissions=Shares(), regrades=Shares(), slots=0)
    submissions, regrades = _read_shares(session, moment)
    slots = count_slots(session, moment)
    return Line(groups=groups, submissions=submissions, regrades=regrades, slots=slots)


def find_next(session: Session, moment: datetime) -> uuid.UUID | None:
    """The grading that a free slot should take at a moment; None if it should take none."""
    while (group := read_line(session, moment).choose()) is not None:
        query = select(Grading.id).where(_in(group)).order_by(Grading.queued_at, Grading.id)
        if math.isinf(group.waited):
            query = query.where(Grading.queued_at > moment + SKEW)
        found = session.scalar(query.limit(1))
        if found is not None:
            return found
        # A worker of an earlier version took it between the two queries.
    return None


def find_position(session: Session, grading: Grading) -> int:
    """A queued grading's place in the order in which gradings would start now; 1 is next."""
    line = read_line(session, read_clock(session))
    own = (grading.student_id, grading.course_id, grading.ordinal)
    group = next((g for g in line.groups if (g.student, g.course, g.ordinal) == own), None)
    if group is None:  # it was claimed a moment ago
        return 1
    before = or_(
        Grading.queued_at < grading.queued_at,
        and_(Grading.queued_at == grading.queued_at, Grading.id < grading.id),
    )
    earlier = session.scalars(select(func.count()).where(_in(group), before)).one()
    starts = (position for position, each in enumerate(line.order(), start=1) if each is group)
    return next(itertools.islice(starts, earlier, None), len(line.groups))


def find_waiting_for_free_slots(session: Session, moment: datetime) -> list[uuid.UUID]:
    """One queued grading for each slot that is free, the longest waiting first.

    Wake a worker for each: a free slot without a message doesn't know that gradings wait.
    """
    running = select(func.count()).where(Grading.status == Status.RUNNING)
    free = count_slots(session, moment) - session.scalars(running).one()
    if free <= 0:
        return []
    queued = select(Grading.id).where(Grading.status == Status.QUEUED).order_by(Grading.queued_at)
    return list(session.scalars(queued.limit(free)))


def _in(group: Group) -> ColumnElement[bool]:
    return and_(
        Grading.status == Status.QUEUED,
        Grading.student_id == group.student,
        Grading.course_id == group.course,
        Grading.ordinal == group.ordinal,
    )


def _read_shares(session: Session, moment: datetime) -> tuple[Shares, Shares]:
    """The shares of submissions, and those of regrades."""
    used = (
        select(
            Grading.student_id,
            Grading.course_id,
            Grading.ordinal,
            func.sum(func.coalesce(Grading.cpu_seconds, RESERVED_SECONDS)),
        )
        .where(Grading.finished_at.between(moment - LATELY, moment + SKEW))
        .group_by(Grading.student_id, Grading.course_id, Grading.ordinal)
    )
    runs = select(Grading.student_id, Grading.course_id, Grading.ordinal).where(
        Grading.status == Status.RUNNING
    )
    both = submissions, regrades = Shares(), Shares()
    for student, course, ordinal, seconds in session.execute(used):
        both[ordinal > 1].add(student, course, seconds)
    for student, course, ordinal in session.execute(runs):
        both[ordinal > 1].add_running(student, course)
    return submissions, regrades
