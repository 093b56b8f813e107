"""The database: engine, session factories and schema, the same code on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.orm import Session, sessionmaker

from service.models import Base
from service.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

Sessions = sessionmaker[Session]

MIGRATIONS = Path(__file__).parents[1] / "migrations"
MIGRATING = 0x636861696E  # the lock's number on PostgreSQL, which nobody else has


def make_engine(settings: Settings) -> Engine:
    """An engine that fails soon when its server is away, and checks a connection before use."""
    sqlite = settings.database_url.startswith("sqlite")
    engine = create_engine(
        settings.database_url,
        hide_parameters=True,  # a log has no business with sources, addresses and hashes of tokens
        pool_pre_ping=not sqlite,
        pool_size=8,
        max_overflow=settings.web_threads,  # every thread may ask at once
        pool_timeout=5,
        connect_args={"timeout": 15} if sqlite else {"connect_timeout": 3},
    )
    if sqlite:
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions on an engine; objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def make_readers(engine: Engine) -> Sessions:
    """A factory of sessions that only read: on SQLite they never wait for the one writer."""
    return sessionmaker(engine.execution_options(read_only=True), expire_on_commit=False)


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
    config.attributes["metadata"] = Base.metadata
    return config


def _tune_sqlite(connection: Any, _record: object) -> None:
    # The driver's own transaction handling is off: it would begin too late and deferred.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=15000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _let_references_be(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = sorted({f"{row.table} to {row.parent}" for row in broken})
        raise RuntimeError(f"rows would refer to what is not there: {', '.join(tables)}")


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that reads first and writes later fails at once under a second writer.
    deferred = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
