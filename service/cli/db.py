"""`chainrule db`: the database's schema."""

from __future__ import annotations

import click


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date; safe to run again."""
    from service.db import upgrade as run
    from service.settings import Settings

    run(Settings.from_env())
    click.echo("The database is up to date.")


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for changed tables."""
    from service.db import write_migration
    from service.settings import Settings

    click.echo(
        f"Written: {write_migration(Settings.from_env(), message)}. Read it before you use it."
    )
