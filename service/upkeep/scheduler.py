"""The scheduler: a loop of periodic jobs, outside of the workers that it watches."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from sqlalchemy.exc import SQLAlchemyError

from service.errors import Unavailable
from service.marks.archive_builds import remove_old
from service.operations.log_files import rotate_logs
from service.settings import Settings
from service.store.base import now
from service.store.database import (
    Sessions,
    make_engine,
    make_readers,
    make_sessions,
    read_clock,
)
from service.submissions import gradings, line, pruning, stored_reports
from service.submissions.queue import Queue
from service.telemetry import metrics
from service.upkeep import heartbeats

WAKE_SECONDS = 2.0  # that a free slot may not know that gradings wait; a read of two counts
CONVERT_SECONDS = 60.0  # between two batches of old reports
CONVERTED_AT_ONCE = 15  # old reports, about a second of work
PRUNE_SECONDS = 3600.0  # between two searches for reports that are old enough to be removed
PRUNED_AT_ONCE = 500  # reports, about a second of work
ARCHIVE_SECONDS = 600.0  # between two looks for archives that are old enough to be removed
CLOSE_SECONDS = 10  # that closing connections may take
LOG_SECONDS = 60.0  # between two looks at the size of logs

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Job:
    """Something to do every `every` seconds, next at `due` of the monotonic clock."""

    name: str
    every: float
    run: Callable[[], None]
    due: float = 0.0


def run_scheduler(settings: Settings, stopping: Event) -> None:
    """Run the jobs until KeyboardInterrupt. A scheduler that hangs is ended by SIGALRM.

    Its supervisor, or Docker, starts it again. A signal sets `stopping` as well: an interrupt in a
    query can be hidden by an error of the database that follows from it.
    """
    engine = make_engine(settings)
    queue = Queue(settings)
    jobs = make_jobs(settings, make_sessions(engine), make_readers(engine), queue)
    log.info("the scheduler starts")
    try:
        while not stopping.is_set():
            for job in jobs:
                signal.alarm(round(heartbeats.late_seconds(settings)))  # several may be slow
                run_due([job])
            time.sleep(max(0.0, min(job.due for job in jobs) - time.monotonic()))
    finally:
        signal.alarm(CLOSE_SECONDS)
        queue.close()
        engine.dispose()
        signal.alarm(0)


def make_jobs(settings: Settings, sessions: Sessions, readers: Sessions, queue: Queue) -> list[Job]:
    """The periodic jobs of an installation."""

    def wake_free_slots() -> None:
        with readers() as session:
            waiting = line.find_waiting_for_free_slots(session, read_clock(session))
        for grading_id in waiting:
            queue.enqueue(grading_id)

    def reap() -> None:
        lost = gradings.requeue_lost(sessions, settings)
        metrics.count_sweep(len(lost))
        for grading_id in lost:
            queue.enqueue(grading_id)

    def convert_reports() -> None:
        outcome = stored_reports.convert_old(sessions, CONVERTED_AT_ONCE)
        if outcome.converted:
            log.info("converted %d old reports, %d are left", outcome.converted, outcome.left)

    def prune_reports() -> None:
        removed = pruning.prune_reports(sessions, settings, now(), limit=PRUNED_AT_ONCE)
        if removed:
            log.info("removed %d old reports", removed)

    return [
        Job("reaper", settings.reap_seconds, reap),
        Job("search for free slots", min(WAKE_SECONDS, settings.reap_seconds), wake_free_slots),
        Job("conversion of old reports", CONVERT_SECONDS, convert_reports),
        Job("removal of old reports", PRUNE_SECONDS, prune_reports),
        Job("removal of old archives", ARCHIVE_SECONDS, lambda: remove_old(settings)),
        Job("rotation of logs", LOG_SECONDS, lambda: rotate_logs(settings.data_dir / "log")),
        Job("heartbeat", settings.reap_seconds, lambda: heartbeats.beat(sessions)),
    ]


def run_due(jobs: list[Job]) -> None:
    """Run the jobs that are due. One that fails is logged, and runs again after its usual time."""
    for job in jobs:
        if time.monotonic() < job.due:
            continue
        try:
            job.run()
        except (SQLAlchemyError, Unavailable) as error:  # an outage needs no traceback
            reason = str(error).partition("\n")[0]
            log.warning("the %s failed and runs again in %g s: %s", job.name, job.every, reason)
        except Exception:
            log.exception("the %s failed and runs again in %g s", job.name, job.every)
        job.due = time.monotonic() + job.every
