"""A worker: a supervisor that keeps one Celery process per slot running."""

from __future__ import annotations

import contextlib
import faulthandler
import functools
import logging
import os
import signal
import time
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready
from celery.worker.consumer import Consumer
from kombu import Queue

from service.settings import Settings
from service.supervision.supervisor import Supervisor
from service.supervision.watched import Command, Watched
from service.telemetry import metrics
from worker import tasks
from worker.sandbox import SandboxError
from worker.sandbox.doctor.examination import require_safe

STOP_SECONDS = 10.0  # for slots to give back what they grade
RECONNECT_SECONDS = 2.0
SHOWN_SECONDS = 60.0  # that the metrics of a worker that refuses to start are served

log = logging.getLogger(__name__)


class PersistentConsumer(Consumer):
    """Tries to reach the broker every two seconds, for as long as it takes.

    Celery's own pauses grow to half a minute, and gradings would wait that much longer.
    """

    def ensure_connected(self, conn: Any) -> Any:
        """Connect, with short pauses between the attempts."""
        connect = conn.ensure_connection
        conn.ensure_connection = functools.partial(connect, interval_max=RECONNECT_SECONDS)
        return super().ensure_connected(conn)


def make_app(settings: Settings) -> Celery:
    """A Celery application with these settings and the tasks of `worker.tasks`."""
    app = Celery("chainrule")
    # A message only wakes a slot, so nobody acknowledges it. If an acknowledgement failed because
    # the broker was away, kombu would wait for it for ever and never ask for a message again.
    queue = Queue(app.conf.task_default_queue, no_ack=True)
    app.conf.update(settings.celery, worker_consumer=PersistentConsumer, task_queues=[queue])
    app.set_default()
    return app


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


def run_slot(settings: Settings, number: int, ready_fd: int | None = None) -> None:
    """Grade one submission at a time until a signal to stop. The supervisor starts this process."""

    def report_ready(**_: Any) -> None:
        metrics.SLOTS.set(1)
        if ready_fd is not None:
            with contextlib.suppress(OSError):  # nobody waits for it any more
                os.write(ready_fd, b"1")

    worker_ready.connect(report_ready)
    faulthandler.register(signal.SIGALRM, chain=True)  # says where a stuck slot is, then ends it
    tasks.open_slot()  # before a message can arrive
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")
    alone = ("--pool=solo", "--concurrency=1", f"--hostname=slot-{number}@%h")
    try:
        make_app(settings).worker_main(["--quiet", "worker", *quiet, *alone])
    finally:
        tasks.close_slot()


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


@setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Celery configures no logging where something is connected; `service.telemetry.logs` does."""
