"""`chainrule up`, `serve`, `worker` and `scheduler`: the long-running processes."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.installation import read_settings

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
    settings = data_folder.prepare(dict(os.environ), report=click.echo)
    with data_folder.sole_user(settings):
        try:
            click.echo("Starting Chainrule ...")
            demo = data_folder.open_database(settings)
            with processes.running(settings, click.echo) as supervisor:
                _greet(demo, str(settings.data_dir))
                offer_setup(settings)
                supervisor.watch()
                click.echo("\nStopping. This takes a few seconds ...")
        except KeyboardInterrupt:  # while it started
            pass
        click.echo(
            "\nChainrule has stopped. All data is kept. To start again, run the same command."
        )


@click.command(short_help="Run the web process of a larger installation.")
def serve() -> None:
    """Answer HTTP: the web process of a larger installation."""
    settings = _start_process()
    from service.web.server import serve as run

    if not settings.embedded:  # `chainrule up` has offered it
        offer_setup(settings)
    run(settings)


@click.command(short_help="Run a worker that grades submissions.")
@click.option(
    "--with-scheduler",
    is_flag=True,
    help="Also run the scheduler. For a single worker.",
)
@click.option("--ready-fd", type=int, hidden=True, help="Gets a byte from each slot that is ready.")
def worker(with_scheduler: bool, ready_fd: int | None) -> None:
    """Grade submissions, one process per slot. A process that ends is started again.

    Refuses to start if the sandbox doesn't work here.
    """
    settings = _start_process()
    from service.telemetry import exposition
    from worker.slots import run_worker

    exposition.serve(settings)
    run_worker(settings, with_scheduler=with_scheduler, ready_fd=ready_fd)


@click.command(hidden=True)
@click.argument("number", type=int)
@click.option("--ready-fd", type=int, help="Gets a byte when the slot is ready.")
def slot(number: int, ready_fd: int | None) -> None:
    """Grade one submission at a time: a process of `chainrule worker`."""
    settings = _start_process()
    from worker.app import run_slot

    run_slot(settings, number, ready_fd)


@click.command(short_help="Run the scheduler, which finds lost gradings.")
def scheduler() -> None:
    """Look for lost gradings every few seconds. Run exactly one scheduler."""
    settings = _start_process()
    from service.telemetry import exposition
    from service.upkeep.scheduler import run_scheduler

    exposition.serve(settings)
    stopping = threading.Event()

    def stop(*_: object) -> None:
        stopping.set()
        raise KeyboardInterrupt

    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, stop)
    with contextlib.suppress(KeyboardInterrupt):
        run_scheduler(settings, stopping)


def _start_process() -> Settings:
    """Read the settings, share metrics and configure logs.

    Comes before the imports of what has metrics.
    """
    from service.supervision.watched import end_with_parent
    from service.telemetry import logs, shared_folder

    end_with_parent()
    settings = read_settings()
    shared_folder.share()
    logs.configure(settings)
    return settings


def offer_setup(settings: Settings) -> None:
    """Print a link that makes the first operator, until there is one.

    The web process starts all the same if the database doesn't answer, or isn't upgraded yet.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from service.people.actors import LocalOperator
    from service.people.setup import issue_setup_link
    from service.store.database import make_engine, make_sessions

    engine = make_engine(settings)
    try:
        with make_sessions(engine)() as session:
            link = issue_setup_link(session, LocalOperator())
    except SQLAlchemyError:
        return
    finally:
        engine.dispose()
    if link is not None:
        click.echo(
            "  For courses of your own, open this link once. It makes you the operator:\n\n"
            f"  {settings.url}{link.path}\n\n"
            "  If you reach the service at another address, put it before /setup.\n"
        )


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
