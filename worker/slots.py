"""A worker: a supervisor that keeps one Celery process per slot running.

The supervisor itself needs no Celery and no database, and imports neither.
"""

from __future__ import annotations

import functools
import logging
import time

from service.settings import Settings
from service.supervision.supervisor import Supervisor
from service.supervision.watched import Command, Watched
from service.telemetry import metrics
from worker.sandbox import SandboxError
from worker.sandbox.doctor.examination import require_safe

STOP_SECONDS = 10.0  # for slots to give back what they grade
SHOWN_SECONDS = 60.0  # that the metrics of a worker that refuses to start are served

log = logging.getLogger(__name__)


def run_worker(
    settings: Settings, *, with_scheduler: bool = False, ready_fd: int | None = None
) -> None:
    """Keep one process per slot running until a signal to stop.

    `ready_fd` gets a byte from each slot that is ready. Raises SandboxError when a required layer
    of the sandbox is missing, or when a canary attack succeeded. Raises GaveUp when a slot can't be
    kept running.
    """
    _require_safe(settings)
    keep = () if ready_fd is None else (ready_fd,)
    options = () if ready_fd is None else ("--ready-fd", str(ready_fd))
    watched = [
        Watched(
            Command(name=f"slot {number}", arguments=("slot", str(number), *options), keep=keep),
            functools.partial(_report_restart, "slot"),
        )
        for number in range(1, settings.worker_concurrency + 1)
    ]
    if with_scheduler:
        no_port = {"CHAINRULE_METRICS_PORT": "0"}  # this process serves the metrics of both
        command = Command(name="scheduler", arguments=("scheduler",), environ=no_port)
        watched.append(Watched(command, functools.partial(_report_restart, "scheduler")))
    supervisor = Supervisor(watched)
    log.info("%d slots start", settings.worker_concurrency)
    try:
        supervisor.start()
        supervisor.watch()
    finally:
        supervisor.stop(STOP_SECONDS)


def _require_safe(settings: Settings) -> None:
    try:
        require_safe(settings.sandbox_require_landlock)
    except SandboxError as error:
        metrics.REFUSED.set_to_current_time()
        log.error("this worker doesn't grade: %s", error)
        if settings.metrics_port:
            time.sleep(SHOWN_SECONDS)  # until Prometheus has seen it
        raise


def _report_restart(process: str, message: str) -> None:
    metrics.RESTARTS.labels(process).inc()
    log.warning(message)
