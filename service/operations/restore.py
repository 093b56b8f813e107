"""Restore a backup: all of it, or nothing."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, func, select
from sqlalchemy.exc import DataError, IntegrityError

from service.operations.archive import INCOMPLETE, Header, Reader
from service.operations.backup import PROGRESS_EVERY, Progress, count_rows
from service.operations.errors import OperationError
from service.operations.files import BACKUPS, database_file
from service.operations.portable import Row, decode, kinds, read_tables
from service.settings import Settings
from service.store.base import now
from service.store.schema import lock_tables, migrating, revision_of, revisions, upgrade_to
from service.store.tables import load_metadata

BATCH_ROWS, BATCH_CHARACTERS = 500, 4_000_000  # in memory at once


def restore(
    settings: Settings, reader: Reader, *, replacing: bool, on_progress: Progress
) -> Path | None:
    """Fill the database with a backup, and upgrade it to the schema of this version.

    On PostgreSQL it is one transaction. On SQLite it is a new file, which takes the place of the
    old one at the end; the answer is where the old file is kept, if there was one.

    Raises OperationError if the database has rows, unless `replacing` is set, and if the backup is
    damaged or from a newer version. Then the database is as before.
    """
    if reader.header.revision not in revisions():
        raise OperationError(
            f"This backup was made by a newer version, Chainrule {reader.header.version}. "
            "Install that version or a newer one, then restore it."
        )
    file = database_file(settings)
    if file is None:
        with migrating(settings) as connection:
            _require_empty(connection, replacing)
            lock_tables(connection)
            _drop_tables(connection)
            _fill(connection, reader, on_progress)
        return None
    return _restore_file(settings, file, reader, replacing, on_progress)


def _restore_file(
    settings: Settings, file: Path, reader: Reader, replacing: bool, on_progress: Progress
) -> Path | None:
    if file.exists():
        _require_unused(file)
        with migrating(settings) as connection:
            _require_empty(connection, replacing)
    new = file.with_name(file.name + ".restoring")
    try:
        _remove_database(new)
        new.touch(mode=0o600)
        on_new = replace(settings, database_url=f"sqlite:///{new}")
        with migrating(on_new) as connection:
            _fill(connection, reader, on_progress)
        _require_unused(new)  # one file, without a journal
        with new.open("rb") as written:
            os.fsync(written.fileno())
        kept = _keep_old(file) if file.exists() else None
        new.rename(file)
        return kept
    finally:
        _remove_database(new)


def _keep_old(file: Path) -> Path:
    """Give the database file a second name, so that it stays when another takes its place."""
    _require_unused(file)
    kept = file.parent / BACKUPS / f"replaced-{now():%Y%m%d-%H%M%S-%f}.db"
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    kept.hardlink_to(file)
    kept.chmod(0o600)
    return kept


def _require_unused(file: Path) -> None:
    """Write the journal into the file and remove it, which needs the database for us alone."""
    with closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
        except sqlite3.OperationalError:
            raise OperationError(
                f"A process is using {file}. Stop the service, then run this command again."
            ) from None


def _remove_database(file: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _require_empty(connection: Connection, replacing: bool) -> None:
    revision = revision_of(connection)
    if revision is None:
        return
    if revision not in revisions():
        raise OperationError(
            "The database belongs to a newer version of Chainrule. Nothing was changed. "
            "Restore into an empty database instead."
        )
    rows = count_rows(connection, read_tables(connection))
    if (rows["accounts"] or rows["courses"]) and not replacing:
        raise OperationError(
            f"The database isn't empty: it has {rows['accounts']} accounts and "
            f"{rows['submissions']} submissions. Nothing was changed. "
            "To replace everything in it with the backup, add --replace."
        )


def _drop_tables(connection: Connection) -> None:
    """Drop all tables; raises OperationError if one belongs to another program."""
    found = MetaData()
    found.reflect(connection)
    others = set(found.tables) - set(load_metadata().tables) - {"alembic_version"}
    if others:
        raise OperationError(
            f"The database has tables of another program: {', '.join(sorted(others))}. "
            "Nothing was changed. Chainrule needs a database of its own."
        )
    found.drop_all(connection)


def _fill(connection: Connection, reader: Reader, on_progress: Progress) -> None:
    header = reader.header
    upgrade_to(connection, header.revision)
    tables = read_tables(connection)
    if {name: kinds(table) for name, table in tables.items()} != header.tables:
        raise OperationError(INCOMPLETE.format(reason="its tables aren't those of its version"))
    done = dict.fromkeys(tables, 0)
    try:
        for name, rows in _batches(reader):
            _insert(connection, tables[name], header, rows)
            before, done[name] = done[name], done[name] + len(rows)
            if before // PROGRESS_EVERY != done[name] // PROGRESS_EVERY:
                on_progress(name, done[name], header.rows[name])
    except (KeyError, TypeError, ValueError, DataError, IntegrityError) as error:
        raise OperationError(INCOMPLETE.format(reason="a row can't be read")) from error
    if connection.dialect.name == "postgresql":
        _continue_sequences(connection, tables)
    upgrade_to(connection, "head")


def _continue_sequences(connection: Connection, tables: dict[str, Table]) -> None:
    """Generate only numbers that no restored row has."""
    for name, table in tables.items():
        for column in table.columns:
            sequence = connection.scalar(select(func.pg_get_serial_sequence(name, column.name)))
            if sequence is not None:
                newest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, newest, False)))


def _batches(reader: Reader) -> Iterator[tuple[str, list[Row]]]:
    """Rows of one table each, so few that memory stays small."""
    table, rows, characters = "", list[Row](), 0
    for name, row in reader.rows():
        full = len(rows) == BATCH_ROWS or characters > BATCH_CHARACTERS
        if rows and (full or name != table):
            yield table, rows
            rows, characters = [], 0
        table = name
        rows.append(row)
        characters += sum(len(value) for value in row if isinstance(value, str))
    if rows:
        yield table, rows


def _insert(connection: Connection, table: Table, header: Header, rows: list[Row]) -> None:
    columns = header.tables[table.name].items()
    connection.execute(
        table.insert(),
        [
            {name: decode(kind, value) for (name, kind), value in zip(columns, row, strict=True)}
            for row in rows
        ],
    )
