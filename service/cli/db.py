"""`chainrule db`: the database's schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.backups import backup, restore
from service.cli.errors import CommandError
from service.cli.installation import read_settings

if TYPE_CHECKING:
    from service.operations.upgrade import Change

PROGRESS_EVERY = 100  # reports


@click.group()
def db() -> None:
    """Manage the database."""


db.add_command(backup)
db.add_command(restore)


@db.command()
def upgrade() -> None:
    """Upgrade the schema. Running it again is safe.

    It is all or nothing. An SQLite database is copied before, and the last three copies are kept.
    """
    from service.operations.upgrade import upgrade as run

    _show_change(run(read_settings()))


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="What only the newer schema stores is deleted. Go on?")
def downgrade(revision: str) -> None:
    """Bring the schema back to REVISION.

    Do this with the newer version, after you stopped the service. Then start the earlier version.
    """
    from service.operations.upgrade import downgrade as run

    _show_change(run(read_settings(), revision))


@db.command()
def status() -> None:
    """Show the schema, the number of rows, and the disk use."""
    from service.cli.database import require_database
    from service.operations.disk import measure
    from service.store.schema import revisions

    settings = read_settings()
    require_database(settings)
    use = measure(settings)
    needed = revisions()[0]
    click.echo(
        f"schema: {use.schema or 'none'}"
        + ("" if use.schema == needed else f" (this version needs {needed}: chainrule db upgrade)")
    )
    for table, rows in use.rows.items():
        click.echo(f"{table:20} {rows:12,} rows")
    sizes = {"database": use.database, "  its reports": use.reports, "  its sources": use.sources}
    sizes |= use.folders | ({} if use.free is None else {"free on the disk": use.free})
    for name, size in sizes.items():
        click.echo(f"{name:20} {size / 2**20:12,.1f} MB")


@db.command(name="convert-reports")
def convert_reports() -> None:
    """Convert reports of earlier versions.

    They become compressed, about a tenth of their size. The scheduler does it too, a few every
    minute. You may stop this command and run it again.
    """
    from service.store.database import make_engine, make_sessions
    from service.submissions.stored_reports import convert_old

    def show_progress(converted: int) -> None:
        if converted % PROGRESS_EVERY == 0:
            click.echo(f"{converted} reports converted so far ...")

    engine = make_engine(read_settings())
    try:
        outcome = convert_old(make_sessions(engine), on_converted=show_progress)
    finally:
        engine.dispose()
    click.echo(f"{outcome.converted} reports converted, {outcome.left} left.")
    if outcome.unreadable:
        many = outcome.unreadable > 1
        verbs = (
            "reports can't be read and stay unchanged"
            if many
            else ("report can't be read and stays unchanged")
        )
        raise CommandError(f"{outcome.unreadable} {verbs}. The log above says why.")


@db.command(name="prune-reports", short_help="Remove old reports.")
def prune_reports() -> None:
    """Remove reports that are older than CHAINRULE_KEEP_REPORTS_DAYS.

    Scores are kept, and so are the reports of attempts that count, of the newest attempts, and of
    those that staff marked. The scheduler does it too, every hour.
    """
    from service.store.base import now
    from service.store.database import make_engine, make_sessions
    from service.submissions.pruning import prune_reports as run

    settings = read_settings()
    if not settings.keep_reports_days:
        raise CommandError("Reports are kept for ever: CHAINRULE_KEEP_REPORTS_DAYS is not set.")
    engine = make_engine(settings)
    try:
        removed = run(make_sessions(engine), settings, now(), on_removed=_show_removed)
    finally:
        engine.dispose()
    click.echo(f"{removed} reports removed.")


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for changed tables."""
    from service.store.schema import write_migration

    click.echo(
        f"Written: {write_migration(read_settings(), message)}. Review it before you use it."
    )


def _show_change(change: Change) -> None:
    if change.before == change.after:
        click.echo(f"The database is up to date: schema {change.after}.")
        return
    click.echo(f"The database now has schema {change.after}; before, {change.before or 'none'}.")
    if change.copy is not None:
        click.echo(f"The database from before is kept: {change.copy}")


def _show_removed(removed: int) -> None:
    if removed % PROGRESS_EVERY == 0:
        click.echo(f"{removed} reports removed so far ...")
