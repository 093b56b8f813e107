"""Runs migrations on the connection that the service gives, or on the configured database."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from service.db import migrating
from service.models import Base
from service.settings import Settings


def migrate(connection: Connection) -> None:
    """Run what is asked for, all or nothing, on SQLite too."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with migrating(Settings.from_env()) as own:
        migrate(own)
