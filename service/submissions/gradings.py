"""The states of a grading. Only this module changes `status`, `lease_until` and `tries`.

    queued -> running     claim
    running -> done       record
    running -> queued     release, requeue_lost, requeue_unfinished
    running -> errored    release, requeue_lost, claim: after the last try

Each change is one short transaction that holds the lock of the grading's row. No transaction is
open while a student's code runs. A message on the queue only wakes a worker, so a message that
arrives twice, late or never does no harm.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course
from service.errors import Conflict, Unavailable
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import Sessions, read_clock
from service.submissions import stored_reports
from service.submissions.models import Grading, Status, Submission
from service.telemetry import metrics
from worker.report.model import Report
from worker.report.names import Names
from worker.report.tally import Tally

log = logging.getLogger(__name__)

Enqueue = Callable[[uuid.UUID], None]  # puts the id of a grading on the queue

REAP_AT_MOST = 500  # gradings per sweep, so that no transaction grows long
PATIENCE = 3  # sweeps that a queued grading may wait before workers are woken for it again
RENEWALS = 4  # per lease, so that a renewal may fail and the next one still comes in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed grading, with everything that a worker needs to run it.

    `weights` are names of suites with the points they give; `names` and the precision are those
    that the assignment requires. `claimed_try` says which try this is: when the row has another
    number, the lease ran out and the grading belongs to another worker.
    """

    grading_id: uuid.UUID
    submission_id: uuid.UUID
    claimed_try: int
    source: str
    weights: tuple[tuple[str, float], ...]
    seed: int
    names: Names | None
    require_double: bool


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


def queue_first(student: Account, assignment: Assignment, moment: datetime) -> Grading:
    """The first grading of a new submission, queued at this moment; the caller adds it."""
    return Grading(
        student_id=student.id,
        course_id=assignment.course_id,
        ordinal=1,
        status=Status.QUEUED,
        seed=assignment.seed_of(student),
        queued_at=moment,
        enqueued_at=moment,
    )


def queue_regrade(session: Session, submission: Submission) -> Grading:
    """Add and commit the next grading of a submission; its older gradings stay.

    It has the seed of the first one, so a changed result never comes from other random graphs.
    Raises Conflict while the submission is being graded.
    """
    underway = Conflict(
        "This submission is being graded at the moment. Wait for its result, then try again.",
        code="already_grading",
    )
    newest = submission.grading
    if not newest.status.ended:
        raise underway
    grading = Grading(
        submission=submission,
        student_id=submission.student_id,
        course_id=submission.assignment.course_id,
        ordinal=newest.ordinal + 1,
        seed=submission.gradings[0].seed,
        status=Status.QUEUED,
    )
    session.add(grading)
    try:
        session.commit()
    except IntegrityError:  # somebody else added the same ordinal
        session.rollback()
        raise underway from None
    return grading


def wake_worker(enqueue: Enqueue, grading_id: uuid.UUID) -> None:
    """Put a committed grading on the queue. A broker that fails is logged and loses nothing.

    The reaper finds the grading later, so the student's submission must not look rejected.
    """
    try:
        enqueue(grading_id)
    except Unavailable as error:
        log.warning("grading %s waits for the reaper: %s", grading_id, error.message)
    except Exception:
        log.exception("grading %s waits for the reaper", grading_id)


def claim(sessions: Sessions, settings: Settings, grading_id: uuid.UUID) -> Job | None:
    """Start a grading: it becomes running, with a lease. None if there is nothing to do.

    There is nothing to do when the grading is unknown, has ended, or runs under a valid lease.
    After the last try it becomes errored, and there is nothing to do either.
    """
    moment = now()
    with sessions.begin() as session:
        grading = _lock(session, grading_id)
        if grading is None or grading.status.ended:
            return None
        if grading.status is Status.RUNNING and not _lease_is_over(grading, moment):
            return None
        if grading.tries >= settings.max_tries:
            _give_up(grading, moment, f"no answer after {grading.tries} tries")
            return None
        grading.status = Status.RUNNING
        grading.tries += 1
        if grading.started_at is None:
            metrics.observe_wait(grading.ordinal, moment - grading.queued_at)
        grading.started_at = moment
        grading.lease_until = moment + timedelta(seconds=settings.lease_seconds)
        assignment = grading.submission.assignment
        return Job(
            grading_id=grading.id,
            submission_id=grading.submission_id,
            claimed_try=grading.tries,
            source=grading.submission.source,
            weights=tuple((chosen.suite, chosen.weight) for chosen in assignment.suites),
            seed=grading.seed,
            names=assignment.names or None,
            require_double=assignment.require_double,
        )


def lease_keeper(sessions: Sessions, settings: Settings, job: Job) -> Callable[[], None]:
    """A function that renews the lease of a job, and does nothing when called too often.

    The worker calls it after every case, so a long grading isn't mistaken for a lost one.
    """
    last_renewal = time.monotonic()

    def renew_in_time() -> None:
        nonlocal last_renewal
        if time.monotonic() - last_renewal < settings.lease_seconds / RENEWALS:
            return
        last_renewal = time.monotonic()
        try:
            renew(sessions, settings, job)
        except SQLAlchemyError as error:  # the database may be back before the lease runs out
            log.warning("the lease of grading %s is not renewed: %s", job.grading_id, error)

    return renew_in_time


def renew(sessions: Sessions, settings: Settings, job: Job) -> None:
    """Extend the lease of a job, unless another worker has claimed its grading since."""
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is not None and _is_still_held(grading, job):
            grading.lease_until = now() + timedelta(seconds=settings.lease_seconds)


def record(sessions: Sessions, job: Job, report: Report) -> None:
    """Store the outcome; the grading becomes done. Does nothing if it is done already.

    A report that arrives after we gave up still counts: a result is better than none.
    """
    stored = stored_reports.pack(report)
    tally = Tally.of(report).to_json()
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or grading.status is Status.DONE:
            return
        grading.status = Status.DONE
        grading.lease_until = None
        grading.finished_at = now()
        grading.score = report.score
        grading.max_score = report.max_score
        grading.cpu_seconds = report.provenance.cpu_seconds
        stored.grading_id = grading.id
        session.add(stored)
        grading.tally = tally
        grading.problem = None if report.problem is None else report.problem.kind.value
        grading.fault = None
    verdicts = (case.verdict for suite in report.suites for case in suite.cases)
    metrics.count_ended(Status.DONE, grading.problem, verdicts)


def release(sessions: Sessions, settings: Settings, job: Job, fault: str) -> bool:
    """Give a job back because of an error on our side; True if the grading is queued again.

    False means that we gave up after the last try, or that the grading is no longer this job's.
    """
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or not _is_still_held(grading, job):
            return False
        if grading.tries >= settings.max_tries:
            _give_up(grading, now(), fault)
            return False
        _queue_again(grading, now(), fault)
        return True


def requeue_lost(sessions: Sessions, settings: Settings, moment: datetime) -> list[uuid.UUID]:
    """Queue lost gradings again and return them, at most REAP_AT_MOST; wake workers for them.

    A grading is lost when its lease ran out, or when it was queued and no worker claimed it.
    """
    long_ago = moment - timedelta(seconds=PATIENCE * settings.reap_seconds)
    queued_again = []
    with sessions.begin() as session:
        lost: ColumnElement[bool] = and_(
            Grading.status == Status.RUNNING, Grading.lease_until < moment
        )
        if not _queue_moves(session, long_ago):
            waiting = and_(Grading.status == Status.QUEUED, Grading.enqueued_at < long_ago)
            lost = or_(lost, waiting)
        query = select(Grading).where(lost).order_by(Grading.queued_at).limit(REAP_AT_MOST)
        for grading in session.scalars(query.with_for_update(skip_locked=True)):
            if grading.tries >= settings.max_tries:
                _give_up(grading, moment, grading.fault or "the worker vanished while grading")
            else:
                _queue_again(grading, moment, grading.fault)
                queued_again.append(grading.id)
    return queued_again


def requeue_unfinished(sessions: Sessions, *, alone: bool) -> list[uuid.UUID]:
    """Queue everything that an earlier run left unfinished and return it, the oldest first.

    Use it at the start of a whole installation, before any worker runs. `alone` says that no other
    installation uses this database, so nobody holds a lease any more. Otherwise leases are left to
    run out. The reaper leaves these gradings alone, because they were enqueued just now.
    """
    unfinished = [Status.QUEUED, Status.RUNNING] if alone else [Status.QUEUED]
    change = update(Grading).where(Grading.status.in_(unfinished))
    queued = select(Grading.id).where(Grading.status == Status.QUEUED).order_by(Grading.queued_at)
    with sessions.begin() as session:
        session.execute(change.values(status=Status.QUEUED, lease_until=None, enqueued_at=now()))
        return list(session.scalars(queued))


def _lock(session: Session, grading_id: uuid.UUID) -> Grading | None:
    return session.get(Grading, grading_id, with_for_update=True)


def _lease_is_over(grading: Grading, moment: datetime) -> bool:
    return grading.lease_until is None or grading.lease_until < moment


def _is_still_held(grading: Grading, job: Job) -> bool:
    """Whether the job's worker still has the grading; another may have claimed it since."""
    return grading.status is Status.RUNNING and grading.tries == job.claimed_try


def _queue_moves(session: Session, since: datetime) -> bool:
    """Whether workers lately started a grading that was queued before `since`.

    Then the other old ones aren't lost, only late. Waking workers again and again for all of a
    long queue would make it longer.
    """
    late = select(Grading.id).where(Grading.started_at > since, Grading.enqueued_at < since)
    return session.scalar(late.limit(1)) is not None


def _queue_again(grading: Grading, moment: datetime, fault: str | None) -> None:
    grading.status = Status.QUEUED
    grading.lease_until = None
    grading.enqueued_at = moment
    grading.fault = fault


def _give_up(grading: Grading, moment: datetime, fault: str) -> None:
    grading.status = Status.ERRORED
    grading.lease_until = None
    grading.finished_at = moment
    grading.fault = fault
    metrics.count_ended(Status.ERRORED, None)
