"""The Celery application, and a slot: a process that grades one submission at a time."""

from __future__ import annotations

import contextlib
import faulthandler
import functools
import os
import signal
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready
from celery.worker.consumer import Consumer
from kombu import Queue

from service.settings import Settings
from service.telemetry import metrics
from worker import tasks

RECONNECT_SECONDS = 2.0


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


@setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Celery configures no logging where something is connected; `service.telemetry.logs` does."""
