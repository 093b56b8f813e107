"""`chainrule db`: the database's schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from service.cli.backups import backup, restore
from service.cli.errors import CommandError

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
    from service.settings import Settings

    _show_change(run(Settings.from_env()))


@db.command()
@click.argument("revision")
@click.confirmation_option(prompt="What only the newer schema stores is deleted. Go on?")
def downgrade(revision: str) -> None:
    """Bring the schema back to REVISION.

    Do this with the newer version, after you stopped the service. Then start the earlier version.
    """
    from service.operations.upgrade import downgrade as run
    from service.settings import Settings

    _show_change(run(Settings.from_env(), revision))


@db.command(name="convert-reports")
def convert_reports() -> None:
    """Convert reports of earlier versions.

    They become compressed, about a tenth of their size. The scheduler does it too, a few every
    minute. You may stop this command and run it again.
    """
    from service.settings import Settings
    from service.store.database import make_engine, make_sessions
    from service.submissions.stored_reports import convert_old

    def show_progress(converted: int) -> None:
        if converted % PROGRESS_EVERY == 0:
            click.echo(f"{converted} reports converted so far ...")

    engine = make_engine(Settings.from_env())
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


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for changed tables."""
    from service.settings import Settings
    from service.store.schema import write_migration

    click.echo(
        f"Written: {write_migration(Settings.from_env(), message)}. Review it before you use it."
    )


def _show_change(change: Change) -> None:
    if change.before == change.after:
        click.echo(f"The database is up to date: schema {change.after}.")
        return
    click.echo(f"The database now has schema {change.after}; before, {change.before or 'none'}.")
    if change.copy is not None:
        click.echo(f"The database from before is kept: {change.copy}")
