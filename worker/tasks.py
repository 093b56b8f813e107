"""Celery's task: grade a submission.

`service.submissions.gradings` has the states of a grading; the task only calls it.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from celery import shared_task
from sqlalchemy import Engine

from service.settings import Settings
from service.store.database import Sessions, make_engine, make_sessions
from service.submissions import gradings
from service.submissions.gradings import Job
from service.telemetry import logs, metrics
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.grading.phases import Phases
from worker.report.model import Report
from worker.sandbox import Sandbox
from worker.suites import catalogue

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slot:
    """What one worker process keeps open: connections to the database, and a sandbox."""

    settings: Settings
    engine: Engine
    sessions: Sessions
    sandbox: Sandbox

    @classmethod
    def open(cls, settings: Settings) -> Slot:
        """Start a sandbox. The first query opens the connection to the database."""
        engine = make_engine(settings)
        sandbox = Sandbox(settings.sandbox_require_landlock, count=metrics.count_sandbox)
        metrics.SLOTS.set(1)
        return cls(settings, engine, make_sessions(engine), sandbox)

    def close(self) -> None:
        """Stop the sandbox and close the connections."""
        self.sandbox.close()
        self.engine.dispose()


_slot: Slot | None = None


def open_slot() -> Slot:
    """This process's slot; the first call opens it."""
    global _slot
    if _slot is None:
        _slot = Slot.open(Settings.from_env())
    return _slot


def close_slot() -> None:
    """Close this process's slot, if it is open."""
    global _slot
    if _slot is not None:
        _slot.close()
        _slot = None


@shared_task(name="worker.tasks.grade", bind=True)
def grade_submission(task: Any, grading_id: str) -> None:
    """Run one grading, unless it is done or another worker is running it."""
    with logs.bound(request=(task.request.headers or {}).get("request_id")):
        run_grading(open_slot(), uuid.UUID(grading_id), enqueue)


def enqueue(grading_id: uuid.UUID) -> None:
    """Wake a worker for a grading."""
    grade_submission.apply_async((str(grading_id),))


def run_grading(slot: Slot, grading_id: uuid.UUID, requeue: Callable[[uuid.UUID], None]) -> None:
    """Claim, grade and record. An error on our side uses a try of ours, not a student's attempt."""
    job = gradings.claim(slot.sessions, slot.settings, grading_id)
    if job is None:
        return
    with logs.bound(submission=job.submission_id, grading=job.grading_id):
        _run_claimed(slot, job, requeue)


def _run_claimed(slot: Slot, job: Job, requeue: Callable[[uuid.UUID], None]) -> None:
    phases = Phases()
    try:
        report = run_job(slot, job, phases)
    except Exception as error:
        metrics.FAULTS.inc()
        log.exception("grading %s failed on our side, try %d", job.grading_id, job.claimed_try)
        # Staff read the fault. Its first line has no SQL statement and no parameters.
        fault = f"{type(error).__name__}: {error}".partition("\n")[0]
        if gradings.release(slot.sessions, slot.settings, job, fault):
            requeue(job.grading_id)
        return
    phases.enter("record")
    gradings.record(slot.sessions, job, report)
    metrics.observe_phases(phases.end())
    log.info("graded: %g of %g points", report.score, report.max_score)


def run_job(slot: Slot, job: Job, phases: Phases) -> Report:
    """Grade a job's source in the sandbox and keep its lease meanwhile."""
    phases.enter("suites")
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
        on_progress=gradings.lease_keeper(slot.sessions, slot.settings, job),
        phases=phases,
    )
