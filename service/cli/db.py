"""`chainrule db`: the database's schema."""

from __future__ import annotations

import click


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
def upgrade() -> None:
    """Bring the schema up to date; safe to run again."""
    from service.settings import Settings
    from service.store.schema import upgrade as run

    run(Settings.from_env())
    click.echo("The database is up to date.")


@db.command()
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for changed tables."""
    from service.settings import Settings
    from service.store.schema import write_migration

    click.echo(
        f"Written: {write_migration(Settings.from_env(), message)}. Read it before you use it."
    )
