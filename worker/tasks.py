"""Celery's task: grade what is queued.

`service.submissions.gradings` has the states of a grading; the task only calls it.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from celery import Task, shared_task
from celery.signals import worker_shutting_down
from celery.worker.request import Request
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from service.settings import Settings
from service.store.database import Sessions, make_engine, make_readers, make_sessions
from service.submissions import gradings
from service.submissions.jobs import Enqueue, Job, wake_worker
from service.submissions.leases import lease_keeper, slot_watcher
from service.submissions.slots import Heartbeat, name_slot
from service.supervision.collector import freeze_objects
from service.telemetry import logs, metrics
from worker.grading.diagnosis.tables import warm
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.grading.phases import Phases
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.suites import catalogue

log = logging.getLogger(__name__)
T = TypeVar("T")

RETRY_SECONDS = 0.5  # between two tries while the database is down
STUCK_SECONDS = 300  # without any progress; a case has a budget of seconds of CPU time


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What one worker process keeps open: connections to the database, and a sandbox.

    `begun` is set once gradings of processes that were killed are queued again, and `stopping` once
    this process should end.
    """

    name: str
    settings: Settings
    engine: Engine
    sessions: Sessions
    sandbox: Sandbox
    heartbeat: Heartbeat
    begun: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(cls, settings: Settings) -> Slot:
        """Load what diagnoses need, and start a sandbox.

        The first query opens the connection to the database.
        """
        warm()
        name = name_slot(os.getpid())
        engine = make_engine(settings)
        sessions = make_sessions(engine)
        sandbox = Sandbox(settings.sandbox_require_landlock, count=metrics.count_sandbox)
        heartbeat = Heartbeat(sessions, name, sandbox.layer_names)
        heartbeat.start()
        return cls(
            name=name,
            settings=settings,
            engine=engine,
            sessions=sessions,
            sandbox=sandbox,
            heartbeat=heartbeat,
        )

    def begin(self) -> list[uuid.UUID]:
        """Queue again what killed processes of this machine left; wake workers for the result.

        Does nothing once `begun` is set, so that it never finds a grading that this process runs.
        """
        if self.begun.is_set():
            return []
        found = gradings.begin_slot(self.sessions, self.settings, self.name)
        self.begun.set()
        return found

    def close(self) -> None:
        """Stop the sandbox and close the connections."""
        self.heartbeat.stop()
        self.sandbox.close()
        self.engine.dispose()


class SlotStops(Exception):  # noqa: N818 # it is no error
    """This process should end, so its grading is given back."""


class SlotIsNeeded(Exception):  # noqa: N818 # it is no error
    """A submission waits for the slot of this regrade."""


_slot: Slot | None = None


def open_slot() -> Slot:
    """This process's slot; the first call opens it."""
    global _slot
    if _slot is None:
        _slot = Slot.open(Settings.from_env())
        freeze_objects()  # above all the predictions, which would be looked at in each collection
        try:
            for grading_id in _slot.begin():
                wake_worker(enqueue, grading_id)
        except SQLAlchemyError as error:  # done before the first claim
            log.warning("slot %s begins later: %s", _slot.name, str(error).partition("\n")[0])
    return _slot


def close_slot() -> None:
    """Close this process's slot, if it is open."""
    global _slot
    if _slot is not None:
        _slot.close()
        _slot = None


@worker_shutting_down.connect
def stop_slot(**_: Any) -> None:
    """Give the running grading back after its present case, and claim no other."""
    if _slot is not None:
        _slot.stopping.set()


class WakeUp(Request):
    """A message that needs no acknowledgement: the database knows what waits."""

    def acknowledge(self) -> None:
        """Don't tell the broker, which forgot the message when it sent it."""
        self.acknowledged = True


class Grade(Task):  # type: ignore[type-arg] # it can't be subscripted at run time
    """A task whose messages only wake a slot."""

    Request = "worker.tasks:WakeUp"


@shared_task(name="worker.tasks.grade", base=Grade)
def grade_submission(_grading_id: str) -> None:
    """Grade what is queued. The message only wakes this slot, whatever it names."""
    grade_queued(open_slot(), enqueue)


def enqueue(grading_id: uuid.UUID) -> None:
    """Wake a worker for a grading."""
    grade_submission.apply_async((str(grading_id),))


def grade_queued(slot: Slot, wake: Enqueue) -> None:
    """Grade what is next in the fair order, until nothing is or until the slot should stop.

    After an error on our side the slot waits for its next message: another one may do better.
    """
    while not slot.stopping.is_set():
        job = _insist(slot, lambda: _claim(slot))
        if job is None:
            return
        ids = {"submission": job.submission_id, "grading": job.grading_id}
        with logs.bound(request=job.request_id, **ids):
            if not _run_claimed(slot, job, wake):
                return


def _claim(slot: Slot) -> Job | None:
    slot.begin()
    try:
        return gradings.claim_next(slot.sessions, slot.settings, slot.name)
    except OperationalError:
        slot.begun.clear()  # the database may have committed the claim before it went away
        raise


def _run_claimed(slot: Slot, job: Job, wake: Enqueue) -> bool:
    """Grade and record. An error on our side uses a try of ours, not a student's attempt.

    False after an error, and if the grading was given back. A slot that makes no progress for
    STUCK_SECONDS is ended by SIGALRM, whatever it does. Its supervisor starts another one, which
    queues the grading again.
    """
    signal.alarm(STUCK_SECONDS)
    try:
        return _grade_and_record(slot, job, wake)
    finally:
        signal.alarm(0)


def _grade_and_record(slot: Slot, job: Job, wake: Enqueue) -> bool:
    phases = Phases()
    try:
        report = run_job(slot, job, phases)
    except SlotStops:
        if gradings.give_back(slot.sessions, job):
            wake_worker(wake, job.grading_id)
        return False
    except SlotIsNeeded:
        gradings.give_back(slot.sessions, job)
        return True
    except Exception as error:
        _release(slot, job, error, wake)
        return False
    phases.enter("record")
    signal.alarm(STUCK_SECONDS)
    try:
        _insist(slot, lambda: gradings.record(slot.sessions, job, report))
    except OperationalError:  # still down: the reaper queues it again
        raise
    except Exception as error:
        _release(slot, job, error, wake)
        return False
    metrics.observe_phases(phases.end())
    log.info("graded: %g of %g points", report.score, report.max_score)
    return True


def _release(slot: Slot, job: Job, error: Exception, wake: Enqueue) -> None:
    """Log an error on our side, and queue the grading again unless that was its last try."""
    metrics.FAULTS.inc()
    log.error(
        "grading %s failed on our side, claim %d",
        job.grading_id,
        job.claim_number,
        exc_info=error,
    )
    # Staff read the fault. Its first line has no SQL statement and no parameters.
    fault = f"{type(error).__name__}: {error}".partition("\n")[0]
    if _insist(slot, lambda: gradings.release(slot.sessions, slot.settings, job, fault)):
        wake_worker(wake, job.grading_id)


def _insist(slot: Slot, action: Callable[[], T]) -> T:
    """The result of a transaction. While the database is down, it is tried again for a lease."""
    deadline = time.monotonic() + slot.settings.lease_seconds
    while True:
        try:
            return action()
        except OperationalError as error:
            if time.monotonic() > deadline or slot.stopping.is_set():
                raise
            log.warning("the database is down, trying again: %s", str(error).partition("\n")[0])
            time.sleep(RETRY_SECONDS)


def run_job(slot: Slot, job: Job, phases: Phases) -> Report:
    """Grade a job's source in the sandbox and keep its lease meanwhile."""
    phases.enter("suites")
    renew = lease_keeper(slot.sessions, slot.settings, job)

    is_needed = slot_watcher(make_readers(slot.engine), job)

    def go_on() -> None:
        signal.alarm(STUCK_SECONDS)
        if slot.stopping.is_set():
            raise SlotStops
        if is_needed():
            raise SlotIsNeeded
        renew()

    selections = [
        Selection(suite=catalogue.load(name, job.seed), weight=weight)
        for name, weight in job.weights
    ]
    return grade(
        job.source,
        selections,
        slot.sandbox,
        seed=job.seed,
        names=job.names,
        require_double=job.require_double,
        on_progress=go_on,
        phases=phases,
    )
