"""`chainrule db`: the database's schema."""

from __future__ import annotations

import click

from service.cli.backups import backup, restore
from service.cli.errors import CommandError

PROGRESS_EVERY = 100  # reports


@click.group()
def db() -> None:
    """Manage the database."""


db.add_command(backup)
db.add_command(restore)


@db.command()
def upgrade() -> None:
    """Upgrade the schema. Running it again is safe."""
    from service.settings import Settings
    from service.store.schema import upgrade as run

    run(Settings.from_env())
    click.echo("The database is up to date.")


@db.command(name="convert-reports")
def convert_reports() -> None:
    """Convert reports of earlier versions.

    They become compressed, about a tenth of their size. The workers do it too, a few every minute.
    You may stop this command and run it again.
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
