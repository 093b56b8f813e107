"""`chainrule db backup` and `db restore`."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from service.cli.errors import CommandError
from service.cli.installation import read_settings

if TYPE_CHECKING:
    from service.operations.archive import Header, Reader
    from service.settings import Settings

STANDARD = "-"  # standard output or input instead of a file


@click.command(short_help="Write everything into one file.")
@click.argument("file")
@click.option("--without-secret-key", is_flag=True, help="Leave the generated secret key out.")
def backup(file: str, without_secret_key: bool) -> None:
    """Write accounts, courses, submissions, reports and marks into FILE, or to standard output (-).

    The service may run meanwhile: the backup is the database at one moment. It can be restored into
    SQLite and PostgreSQL, with this version or a newer one. Keep it private.
    """
    from service.cli.database import require_database
    from service.operations.backup import private_file, write_backup
    from service.operations.keys import keys_in_folder

    if file == STANDARD and sys.stdout.isatty():
        raise CommandError("A backup isn't text. Redirect it: chainrule db backup - > FILE")
    settings = read_settings()
    require_database(settings)
    keys = [] if without_secret_key else keys_in_folder(settings)
    output: contextlib.AbstractContextManager[IO[bytes]] = (
        contextlib.nullcontext(sys.stdout.buffer) if file == STANDARD else private_file(Path(file))
    )
    with output as stream:
        header = write_backup(settings, stream, secret_keys=keys, on_progress=_show_progress)
        stream.flush()
    click.echo(f"Backed up {_describe(header)}.", err=True)
    click.echo(
        "Keep the file private: it has names, e-mail addresses, marks and the files of students"
        + (", and the secret key of this installation." if keys else "."),
        err=True,
    )
    if not keys:
        click.echo(
            "The secret key is not in it. Keep a copy of that too: old receipts need it.", err=True
        )


@click.command(short_help="Restore a backup.")
@click.argument("file", type=click.File("rb"))
@click.option("--replace", "replacing", is_flag=True, help="Replace everything in the database.")
def restore(file: IO[bytes], replacing: bool) -> None:
    """Restore a backup from FILE, or from standard input (-), into an empty database.

    Stop the service first. A backup of an earlier version is upgraded. If anything goes wrong, the
    database stays as it was.
    """
    from service.operations.archive import Reader
    from service.operations.restore import restore as run

    reader = Reader(file)
    with _stopped_service(reader.header) as settings:
        click.echo(f"Restoring the backup of {reader.header.created_at} ...", err=True)
        kept = run(settings, reader, replacing=replacing, on_progress=_show_progress)
        _settle_keys(settings, reader)
    click.echo(f"Restored {_describe(reader.header)}.")
    if kept is not None:
        click.echo(f"The database from before is kept: {kept}")


@contextlib.contextmanager
def _stopped_service(header: Header) -> Iterator[Settings]:
    """The settings, with the data folder locked. A new data folder gets the backup's key."""
    from service.embedded import data_folder
    from service.settings import SPOOL

    if os.environ.get("CHAINRULE_BROKER_URL", "").strip() not in {"", SPOOL}:
        yield read_settings()
        return
    settings = data_folder.prepare(dict(os.environ), header.secret_keys)
    with data_folder.sole_user(settings):
        yield settings


def _settle_keys(settings: Settings, reader: Reader) -> None:
    """Let old receipts stay valid, or say what that takes."""
    from service.operations.keys import accept_old_keys, keys_in_folder
    from service.submissions.receipts import Receipts

    header = reader.header
    if header.secret_keys and keys_in_folder(settings):
        accept_old_keys(settings, header.secret_keys)
        return
    receipts = Receipts(settings.secret_key, settings.old_secret_keys)
    if header.key_id not in {key["kid"] for key in receipts.keys["keys"]}:
        click.echo(
            "This installation has another secret key, so it can't verify receipts from before. "
            "Add the earlier key to CHAINRULE_OLD_SECRET_KEYS."
            + (
                " `chainrule key show-backup FILE` prints it: it is in the backup."
                if header.secret_keys
                else ""
            ),
            err=True,
        )


def _describe(header: Header) -> str:
    accounts, courses, submissions = (
        f"{header.rows[f'{what}s']} {what}{'' if header.rows[f'{what}s'] == 1 else 's'}"
        for what in ("account", "course", "submission")
    )
    return f"{accounts}, {courses} and {submissions}"


def _show_progress(table: str, done: int, of: int) -> None:
    click.echo(f"{table}: {done} of {of}", err=True)
