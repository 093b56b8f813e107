"""The database's schema: runs and writes migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, func, select

from service.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config
from service.store.database import make_engine
from service.store.tables import load_metadata

MIGRATIONS = Path(__file__).parents[2] / "migrations"


MIGRATING = 0x636861696E  # the lock's number on PostgreSQL, which nobody else has


def upgrade(settings: Settings) -> None:
    """Bring the schema up to date, in this process; safe to run again."""
    from alembic import command  # takes its time to import, and only this needs it

    with migrating(settings) as connection:
        command.upgrade(migrations(connection), "head")


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
    """A connection for migrations, all or nothing, one after another; raises where rows refer to
    what is not there.

    To change a table SQLite makes it anew, and to drop the old one would delete what refers to it.
    So references are let be meanwhile, which no transaction can do once it began, and looked at
    in the end.
    """
    engine = make_engine(settings)
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        event.listen(engine, "connect", _let_references_be)
    try:
        with engine.begin() as connection:
            if not sqlite:  # which has a single writer anyhow
                connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
            yield connection
            if sqlite:
                _check_references(connection)
    finally:
        engine.dispose()


def migrations(connection: Connection) -> Config:
    """Alembic's configuration for a connection, whose transaction the caller ends."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = load_metadata()
    return config


def _let_references_be(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = sorted({f"{row.table} to {row.parent}" for row in broken})
        raise RuntimeError(f"rows would refer to what is not there: {', '.join(tables)}")
