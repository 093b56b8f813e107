"""Runs migrations on the connection that the service opened, for the tables that it names."""

from __future__ import annotations

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for, all or nothing, on SQLite too."""
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes["metadata"],
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


# Migrations import nothing of the application, so that an old one keeps doing what it did.
if "connection" not in context.config.attributes:
    raise CommandError("Migrations need the service's connection. Use `chainrule db upgrade`.")
migrate(context.config.attributes["connection"])
