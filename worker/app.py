"""The Celery application, and what a worker process does as it starts and stops."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.signals import worker_process_init, worker_process_shutdown

from service.settings import Settings
from worker import tasks
from worker.sandbox.doctor.examination import require_safe

log = logging.getLogger(__name__)


def make_app(settings: Settings) -> Celery:
    """The application as configured by the settings; its tasks are those of `worker.tasks`."""
    app = Celery("chainrule")
    app.conf.update(settings.celery)
    app.set_default()
    return app


def run_worker(settings: Settings, options: Sequence[str] = ()) -> None:
    """Take tasks until told to stop; refuse to start where the sandbox would not hold.

    Raises SandboxError when a required layer is missing or a canary attack succeeded.
    """
    require_safe(settings.sandbox_require_landlock)
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=INFO")
    make_app(settings).worker_main(["worker", *quiet, *options])


def run_scheduler(settings: Settings, options: Sequence[str] = ()) -> None:
    """Wake the reaper on its schedule until told to stop."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)  # beat keeps its schedule there
    make_app(settings).start(["beat", "--loglevel=INFO", *options])


@worker_process_init.connect
def _warm_up(**_: Any) -> None:
    tasks.open_slot()


@worker_process_shutdown.connect
def _wind_down(**_: Any) -> None:
    tasks.close_slot()
