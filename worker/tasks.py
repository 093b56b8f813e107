"""Celery's tasks: claim a grading, grade it, record it; and the reaper of what got lost.

The database is the truth. A message is only a hint that a grading may be waiting, so one that
arrives twice, late or never does no harm.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from celery import shared_task
from sqlalchemy import ColumnElement, Engine, and_, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.base import now
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions.models import Grading, Status
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report
from worker.report.names import Names
from worker.report.tally import make_tally
from worker.sandbox import Sandbox
from worker.suites import catalogue

log = logging.getLogger(__name__)

REAP_AT_MOST = 500  # gradings a sweep, so that no transaction grows long
PATIENCE = 3  # sweeps that a queued grading is left alone before workers are woken for it again


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker needs to know to grade, read in the claim's short transaction."""

    grading_id: uuid.UUID
    claimed_try: int
    source: str
    weights: tuple[tuple[str, float], ...]  # suite names and the points they give
    seed: int
    names: Names | None  # that the assignment asks for


@dataclass(frozen=True, slots=True)
class Slot:
    """What one worker process holds open: its books and its sandbox."""

    settings: Settings
    engine: Engine
    sessions: Sessions
    sandbox: Sandbox

    @classmethod
    def open(cls, settings: Settings) -> Slot:
        """Connect lazily to the database and start a zygote."""
        engine = make_engine(settings)
        sandbox = Sandbox(require_landlock=settings.sandbox_require_landlock)
        return cls(settings, engine, make_sessions(engine), sandbox)

    def close(self) -> None:
        """End the zygote and let the connections go."""
        self.sandbox.close()
        self.engine.dispose()


_slot: Slot | None = None


def open_slot() -> Slot:
    """This process's slot, opened at the first call."""
    global _slot
    if _slot is None:
        _slot = Slot.open(Settings.from_env())
    return _slot


def close_slot() -> None:
    """Close this process's slot, if it has one."""
    global _slot
    if _slot is not None:
        _slot.close()
        _slot = None


@shared_task(name="worker.tasks.grade")
def grade_submission(grading_id: str) -> None:
    """Grade one submission, unless somebody else has done it or is at it."""
    run_grading(open_slot(), uuid.UUID(grading_id), enqueue)


@shared_task(name="worker.tasks.reap")
def reap() -> None:
    """Put lost gradings back on the queue."""
    slot = open_slot()
    for grading_id in find_lost(slot.sessions, slot.settings, now()):
        enqueue(grading_id)


def enqueue(grading_id: uuid.UUID) -> None:
    """Wake a worker for a grading."""
    grade_submission.apply_async((str(grading_id),))


def run_grading(slot: Slot, grading_id: uuid.UUID, requeue: Callable[[uuid.UUID], None]) -> None:
    """Claim, grade, record. What goes wrong on our side costs a try of ours, not the student's."""
    job = claim(slot.sessions, slot.settings, grading_id)
    if job is None:
        return
    try:
        report = grade(
            job.source,
            [
                Selection(suite=catalogue.load(name, job.seed), weight=weight)
                for name, weight in job.weights
            ],
            slot.sandbox,
            seed=job.seed,
            names=job.names,
            on_progress=lease_keeper(slot, job),
        )
    except Exception as fault:
        log.exception("grading %s failed on our side, try %d", job.grading_id, job.claimed_try)
        if release(slot.sessions, slot.settings, job, _spell_fault(fault)):
            requeue(job.grading_id)
        return
    record(slot.sessions, job, report)


def claim(sessions: Sessions, settings: Settings, grading_id: uuid.UUID) -> Job | None:
    """Take a grading for this worker, or None when there is nothing to do."""
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
        grading.started_at = moment
        grading.lease_until = moment + timedelta(seconds=settings.lease_seconds)
        assignment = grading.submission.assignment
        return Job(
            grading_id=grading.id,
            claimed_try=grading.tries,
            source=grading.submission.source,
            weights=tuple((chosen.suite, chosen.weight) for chosen in assignment.suites),
            seed=grading.seed,
            names=assignment.names or None,
        )


def record(sessions: Sessions, job: Job, report: Report) -> None:
    """Write the outcome into the books, unless one stands there already.

    A report that arrives after we had given up is still the better answer.
    """
    told = report.to_json()
    tally = make_tally(told)
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or grading.status is Status.DONE:
            return
        grading.status = Status.DONE
        grading.lease_until = None
        grading.finished_at = now()
        grading.score = report.score
        grading.max_score = report.max_score
        grading.report = told
        grading.tally = tally
        grading.fault = None


def release(sessions: Sessions, settings: Settings, job: Job, fault: str) -> bool:
    """Note a fault of ours; True when the grading is queued again, False when we gave up."""
    with sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or grading.status is not Status.RUNNING:
            return False
        if grading.tries != job.claimed_try:
            return False  # the lease ran out and another worker has it now
        if grading.tries >= settings.max_tries:
            _give_up(grading, now(), fault)
            return False
        _queue_again(grading, now(), fault)
        return True


def find_lost(sessions: Sessions, settings: Settings, moment: datetime) -> list[uuid.UUID]:
    """Gradings to wake a worker for: their lease ran out, or nobody picked them up in time."""
    long_ago = moment - timedelta(seconds=PATIENCE * settings.reap_seconds)
    found = []
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
                found.append(grading.id)
    return found


def _queue_moves(session: Session, since: datetime) -> bool:
    """Whether a grading queued long ago was started lately: the others are then not lost but late.

    Waking workers for all of a long queue again and again would only make it longer.
    """
    late = select(Grading.id).where(Grading.started_at > since, Grading.enqueued_at < since)
    return session.scalar(late.limit(1)) is not None


def lease_keeper(slot: Slot, job: Job) -> Callable[[], None]:
    """Renews the lease as cases are run, so that a long grading is not taken for a lost one."""
    tried = time.monotonic()

    def renew() -> None:
        nonlocal tried
        if time.monotonic() - tried < slot.settings.lease_seconds / 4:
            return
        tried = time.monotonic()
        try:
            _renew(slot, job)
        except SQLAlchemyError as error:  # the books may be back before the lease runs out
            log.warning("the lease of grading %s is not renewed: %s", job.grading_id, error)

    return renew


def _renew(slot: Slot, job: Job) -> None:
    with slot.sessions.begin() as session:
        grading = _lock(session, job.grading_id)
        if grading is None or grading.status is not Status.RUNNING:
            return
        if grading.tries == job.claimed_try:  # else another worker has it now, and its lease
            grading.lease_until = now() + timedelta(seconds=slot.settings.lease_seconds)


def _spell_fault(fault: Exception) -> str:
    """A fault of ours as staff read it: the first line, which names no statement of SQL."""
    return f"{type(fault).__name__}: {fault}".partition("\n")[0]


def _lock(session: Session, grading_id: uuid.UUID) -> Grading | None:
    return session.get(Grading, grading_id, with_for_update=True)


def _lease_is_over(grading: Grading, moment: datetime) -> bool:
    return grading.lease_until is None or grading.lease_until < moment


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
