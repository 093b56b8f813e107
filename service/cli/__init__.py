"""The `chainrule` command. Its parts import what they need when they run, so it starts fast."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from service.cli import (
    assignments,
    check,
    courses,
    db,
    doctor,
    keys,
    processes,
    regrades,
    submit,
    tokens,
    users,
)
from service.supervision import collector
from worker import __version__

if TYPE_CHECKING:
    from sqlalchemy.exc import DBAPIError

PRIVATE = 0o077  # nobody else may use a file that a process of ours creates


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="chainrule")
def cli() -> None:
    """Gradient-check testing for courses that teach backpropagation.

    Try `chainrule check value.py` on your own engine, or `chainrule up` for the whole service.
    """


for command in (
    check.check,
    check.suites,
    processes.up,
    processes.serve,
    processes.worker,
    processes.slot,
    processes.scheduler,
    doctor.doctor,
    submit.submit,
    db.db,
    keys.key,
    users.user,
    tokens.token,
    courses.course,
    assignments.assignment,
    regrades.regrade,
):
    cli.add_command(command)


def main() -> None:
    """Run the command. Errors are a message on stderr, with exit code 2."""
    os.umask(PRIVATE)
    collector.collect_seldom()
    try:
        cli()
    except Exception as error:
        message = _message(error)
        if message is None:
            raise
        click.echo(f"chainrule: {message}", err=True)
        sys.exit(2)
    finally:
        collector.skip_last_collection()


def _message(error: Exception) -> str | None:
    """The message for an error; None for a bug, whose traceback is needed."""
    from sqlalchemy.exc import DBAPIError

    from service.embedded.data_folder import EmbeddedError
    from service.errors import ServiceError
    from service.operations.errors import OperationError
    from service.settings import SettingsError
    from service.supervision.watched import GaveUp
    from worker.sandbox import SandboxError
    from worker.suites.cases import SuiteError

    if isinstance(error, ServiceError):
        return error.message
    shown = (SettingsError, EmbeddedError, GaveUp, OperationError, SandboxError, SuiteError)
    if isinstance(error, shown):
        return str(error)
    if isinstance(error, DBAPIError):
        return _database_message(error)
    if isinstance(error, OSError) and error.filename:
        return (
            f"{error.filename} can't be used: {error.strerror}. "
            "Choose a data folder that you own, such as CHAINRULE_DATA_DIR=$HOME/chainrule"
        )
    return None


def _database_message(error: DBAPIError) -> str | None:
    from sqlalchemy.exc import DatabaseError, OperationalError, ProgrammingError

    reason = str(error.orig).strip().splitlines()[0] if error.orig else "no answer"
    if isinstance(error, (OperationalError, ProgrammingError)):
        return (
            f"The database can't be used ({reason}). "
            "Is CHAINRULE_DATABASE_URL right, and has `chainrule db upgrade` been run?"
        )
    if type(error) is DatabaseError:  # SQLite raises it for a damaged file
        return (
            f"The database can't be read ({reason}). Restore it from a backup, or move "
            "chainrule.db out of the data folder to start with an empty one."
        )
    return None
