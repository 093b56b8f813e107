"""The database's engine and sessions, the same code on SQLite and PostgreSQL."""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, ExceptionContext, create_engine, event, func, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session, sessionmaker

from service.errors import Conflict
from service.settings import Settings
from service.store.base import UtcDateTime, now
from service.store.postgres_errors import IDLE_IN_TRANSACTION_TIMEOUT, code_of

T = TypeVar("T")
BUSY_MILLISECONDS = 15_000  # that a transaction waits for SQLite's writer
CHUNK = 500  # values that a query asks about
Sessions = sessionmaker[Session]

POSTGRES_TIMEOUTS = {  # seconds, and a count; a connection that only listens notices a lost server
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}

# Locks of a process that is stopped, or whose machine has gone, would otherwise stay for hours.
IDLE_SECONDS = 300  # that a transaction may do nothing, before PostgreSQL ends it


def make_engine(settings: Settings, *, lock_seconds: float = 0) -> Engine:
    """An engine that fails soon if its server is down, and checks a connection before use.

    PostgreSQL ends a statement that waits for a lock for `lock_seconds`, unless they are 0.
    """
    sqlite = settings.database_url.startswith("sqlite")
    engine = create_engine(
        settings.database_url,
        hide_parameters=True,  # logs must not have sources, addresses and hashes of tokens
        pool_pre_ping=not sqlite,
        pool_size=8,
        max_overflow=settings.web_threads,  # all threads may use the database at once
        pool_timeout=5,
        connect_args={"timeout": 15} if sqlite else POSTGRES_TIMEOUTS,
    )
    if sqlite:
        event.listen(engine, "connect", _tune_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    else:
        event.listen(engine, "connect", functools.partial(_tune_postgres, lock_seconds))
        event.listen(engine, "handle_error", _name_outage)
    return engine


def make_sessions(engine: Engine) -> Sessions:
    """A factory of sessions on an engine; objects stay readable after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


def make_readers(engine: Engine) -> Sessions:
    """A factory of sessions that only read. On SQLite they never wait for the single writer."""
    return sessionmaker(engine.execution_options(read_only=True), expire_on_commit=False)


def make_hasty(engine: Engine) -> Sessions:
    """A factory of sessions that write only if SQLite's writer is free at once."""
    return sessionmaker(engine.execution_options(no_wait=True), expire_on_commit=False)


def read_clock(session: Session) -> datetime:
    """The time by the database's clock, which all machines share.

    SQLite has no clock of its own, and all its processes are on one machine.
    """
    if session.get_bind().dialect.name == "sqlite":
        return now()
    with session.no_autoflush:  # a change may be half done
        return session.execute(select(func.clock_timestamp(type_=UtcDateTime()))).scalar_one()


def in_chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in parts that one query can ask about."""
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def commit_unique(session: Session, field: str, message: str) -> None:
    """Commit; raises Conflict with the message if another row has this field's value already."""
    try:
        session.commit()
    except IntegrityError:
        session.rollback()
        raise Conflict(message, fields={field: message}) from None


def _tune_sqlite(connection: Any, _record: object) -> None:
    # Turn off the driver's own transactions: they begin too late, and deferred.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _write_ahead(connection: Any) -> None:
    """Has a file log its changes ahead. While another process begins that, SQLite doesn't wait."""
    patience = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)
        else:
            return


def _tune_postgres(lock_seconds: float, connection: Any, _record: object) -> None:
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.execute(f"SET lock_timeout = {round(lock_seconds * 1000)}")
    connection.commit()


def _name_outage(context: ExceptionContext) -> OperationalError | None:
    """A transaction that PostgreSQL has ended is an outage, as any lost connection."""
    error = context.original_exception
    if code_of(error) != IDLE_IN_TRANSACTION_TIMEOUT:
        return None
    return OperationalError(context.statement, None, error, hide_parameters=True)


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that reads first and then writes fails if another one is writing.
    options = connection.get_execution_options()
    if not options.get("no_wait", False):
        deferred = options.get("read_only", False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
