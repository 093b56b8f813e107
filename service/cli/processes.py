"""`chainrule up`, `serve`, `worker` and `scheduler`: the long-running processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from service.settings import Settings


@click.command(short_help="Run the whole service on this machine.")
def up() -> None:
    """Run the whole service on this machine, until Ctrl-C: SQLite, web, worker and scheduler.

    All data is in CHAINRULE_DATA_DIR (default: var). The first start creates a demo course.
    """
    from service.telemetry import shared_folder

    shared_folder.share()  # with all processes that it starts
    from service.embedded import data_folder, processes

    # Both end it, even if a shell started it in the background with SIGINT ignored.
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    settings = data_folder.prepare(dict(os.environ))
    with data_folder.sole_user(settings):
        try:
            click.echo("Starting Chainrule ...")
            demo = data_folder.open_database(settings)
            with processes.running(settings) as parts:
                _greet(demo, str(settings.data_dir))
                try:
                    processes.watch(parts)
                except KeyboardInterrupt:
                    click.echo("\nStopping. This takes a few seconds ...")
                    raise
        except KeyboardInterrupt:
            click.echo(
                "\nChainrule has stopped. All data is kept. To start again, run the same command."
            )


@click.command(short_help="Run the web process of a larger installation.")
def serve() -> None:
    """Answer HTTP: the web process of a larger installation."""
    from service.settings import Settings

    settings = _start_telemetry(Settings.from_env())
    from service.web.server import serve as run

    run(settings)


@click.command(short_help="Run a worker that grades submissions.")
@click.option(
    "--with-scheduler",
    is_flag=True,
    help="Also run the scheduler. For a single worker.",
)
@click.option("--ready-fd", type=int, hidden=True, help="Write a byte here when it is ready.")
def worker(with_scheduler: bool, ready_fd: int | None) -> None:
    """Grade submissions. Refuses to start if the sandbox doesn't work here."""
    from celery.signals import worker_ready

    from service.settings import Settings

    settings = _start_telemetry(Settings.from_env())
    from service.telemetry import exposition
    from worker.app import run_worker

    def report_ready(**_: Any) -> None:
        if ready_fd is not None:
            os.write(ready_fd, b"1")

    worker_ready.connect(report_ready, weak=False)
    exposition.serve(settings)
    run_worker(settings, ["--beat"] if with_scheduler else [])


@click.command(short_help="Run the scheduler, which finds lost gradings.")
def scheduler() -> None:
    """Look for lost gradings every few seconds. Run exactly one scheduler."""
    from service.settings import Settings

    settings = _start_telemetry(Settings.from_env())
    from service.telemetry import exposition
    from worker.app import run_scheduler

    exposition.serve(settings)
    run_scheduler(settings)


def _start_telemetry(settings: Settings) -> Settings:
    """Share metrics and configure logs. Comes before the imports of what has metrics."""
    from service.telemetry import logs, shared_folder

    shared_folder.share()
    logs.configure(settings)
    return settings


def _greet(demo: dict[str, Any], data_dir: str) -> None:
    student, teacher = demo["students"][0], demo["teacher"]
    click.echo(
        f"""
  Chainrule is running on {click.style(demo["url"], bold=True)}

  Sign in as a student   {student["email"]:24} {student["password"]}
  or as the teacher      {teacher["email"]:24} {teacher["password"]}

  Data, logs and demo.json (with API tokens) are in {data_dir}
  The chainrule command is {Path(sys.executable).with_name("chainrule")}
  Stop with Ctrl-C.
"""
    )
