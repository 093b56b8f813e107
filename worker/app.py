"""The Celery application, and what a worker process does when it starts and stops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown

from service.settings import Settings
from worker import tasks
from worker.sandbox.doctor.examination import require_safe


def make_app(settings: Settings) -> Celery:
    """A Celery application with these settings and the tasks of `worker.tasks`."""
    app = Celery("chainrule")
    app.conf.update(settings.celery)
    app.set_default()
    return app


def run_worker(settings: Settings, options: Sequence[str] = ()) -> None:
    """Run a worker until it gets a signal to stop.

    Raises SandboxError when a required layer of the sandbox is missing, or when a canary attack
    succeeded.
    """
    require_safe(settings.sandbox_require_landlock)
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")
    make_app(settings).worker_main(["worker", *quiet, *options])


def run_scheduler(settings: Settings, options: Sequence[str] = ()) -> None:
    """Send the periodic tasks until the process gets a signal to stop; run exactly one."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)  # beat keeps its schedule there
    make_app(settings).start(["beat", "--loglevel=INFO", *options])


@setup_logging.connect
def _keep_logging(**_: Any) -> None:
    """Celery configures no logging where something is connected; `service.telemetry.logs` does."""


@worker_process_init.connect
def _open_slot(**_: Any) -> None:
    tasks.open_slot()


@worker_process_shutdown.connect
def _close_slot(**_: Any) -> None:
    tasks.close_slot()
