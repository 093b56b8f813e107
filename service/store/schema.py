"""The database's schema: runs and writes migrations."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, func, inspect, select, text
from sqlalchemy.exc import OperationalError

from service.settings import Settings
from service.store.database import make_engine
from service.store.tables import load_metadata

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parents[2] / "migrations"
MIGRATING = 0x636861696E  # the number of our lock on PostgreSQL
LOCK_TIMEOUT = "200ms"  # for one table; less than PostgreSQL's deadlock_timeout
LOCK_SECONDS = 15.0  # for all tables


def upgrade(settings: Settings) -> None:
    """Bring the schema up to date, in this process; safe to run again."""
    from alembic import command  # slow to import

    with migrating(settings) as connection:
        if revision_of(connection) != revisions()[0]:
            lock_tables(connection)
        command.upgrade(migrations(connection), "head")


def upgrade_to(connection: Connection, revision: str) -> None:
    """Bring the schema up to a revision. The caller commits."""
    from alembic import command

    command.upgrade(migrations(connection), revision)


def downgrade(settings: Settings, revision: str) -> None:
    """Bring the schema back to an earlier revision; what only newer ones store is deleted."""
    from alembic import command

    with migrating(settings) as connection:
        lock_tables(connection)
        command.downgrade(migrations(connection), revision)


def revision_of(connection: Connection) -> str | None:
    """The revision of the database's schema; None without a schema."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def revisions() -> list[str]:
    """All revisions that this version knows, the newest first."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


def write_migration(settings: Settings, message: str) -> Path:
    """Write a migration from the difference between the tables and an up-to-date database."""
    from alembic import command
    from alembic.script import Script

    with migrating(settings) as connection:
        written = command.revision(migrations(connection), message, autogenerate=True)
    assert isinstance(written, Script)  # one message, one file
    return Path(written.path)


@contextmanager
def migrating(settings: Settings) -> Iterator[Connection]:
    """A connection for migrations: all or nothing, and one process at a time.

    Raises RuntimeError if rows refer to rows that don't exist. To change a table, SQLite copies it
    and drops the old one, which would delete the rows that refer to it. So foreign keys are off
    during a migration, and are checked at its end. They can't be turned off inside a transaction.
    """
    engine = make_engine(settings)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", _turn_off_references)
    try:
        with engine.begin() as connection:
            if not sqlite:  # SQLite has a single writer
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            yield connection
            if sqlite:
                _check_references(connection)
    finally:
        engine.dispose()


def lock_tables(connection: Connection) -> None:
    """Lock all tables on PostgreSQL, before the first of them is changed.

    A migration that has one table and waits for another could be in a deadlock with a request,
    which would fail. So this lets go of all tables after a moment and tries again. Raises
    OperationalError if a table stays in use.
    """
    names = sorted(inspect(connection).get_table_names())
    if connection.dialect.name != "postgresql" or not names:
        return
    quoted = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        attempt = connection.begin_nested()
        try:
            connection.execute(select(func.set_config("lock_timeout", LOCK_TIMEOUT, True)))
            connection.execute(text(f"LOCK TABLE {quoted}"))
        except OperationalError:
            attempt.rollback()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            attempt.commit()
            return


def migrations(connection: Connection) -> Config:
    """Alembic's configuration for a connection. The caller commits."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = load_metadata()
    return config


def _turn_off_references(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = sorted({f"{row.table} to {row.parent}" for row in broken})
        raise RuntimeError(f"rows would refer to rows that don't exist: {', '.join(tables)}")
