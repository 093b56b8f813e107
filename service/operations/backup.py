"""Write a backup: one consistent moment of the database, while the service runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, Table, func, select

from service.operations.archive import Header, Writer
from service.operations.errors import OperationError
from service.operations.portable import encode, kinds, read_tables
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine
from service.store.schema import revision_of
from service.submissions.receipts import Receipts
from worker import __version__

AT_ONCE = 50  # rows in memory; a source has up to a megabyte
PROGRESS_EVERY = 1000  # rows

Progress = Callable[[str, int, int], None]  # a table, how many of its rows are done, of how many


def write_backup(
    settings: Settings, stream: IO[bytes], *, secret_keys: Sequence[str], on_progress: Progress
) -> Header:
    """Write all rows to a stream, and return the header. It needs the memory of a few rows.

    Raises OperationError if the database has no schema.
    """
    engine = make_engine(settings)
    try:
        with _snapshot(engine) as connection:
            revision = revision_of(connection)
            if revision is None:
                raise OperationError(
                    "There is nothing to back up: the database is empty. "
                    "Does CHAINRULE_DATA_DIR or CHAINRULE_DATABASE_URL name the right one?"
                )
            tables = read_tables(connection)
            header = Header(
                version=__version__,
                revision=revision,
                created_at=now().isoformat(timespec="seconds"),
                tables={name: kinds(table) for name, table in tables.items()},
                rows=count_rows(connection, tables),
                key_id=Receipts(settings.secret_key).key_id,
                secret_keys=list(secret_keys),
            )
            writer = Writer(stream, header)
            for table in tables.values():
                writer.start_table(table.name)
                _write_rows(connection, table, header, writer, on_progress)
            writer.finish()
            return header
    finally:
        engine.dispose()


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """A new file that only its owner may read. It gets its name once it is complete.

    Raises OperationError if there is a file with that name, or if it can't be written.
    """
    if path.exists():
        raise OperationError(f"{path} exists already. Choose another name, or remove it first.")
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError as error:
        raise OperationError(f"{path} can't be written: {error.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def count_rows(connection: Connection, tables: dict[str, Table]) -> dict[str, int]:
    """The number of rows of each table."""
    return {
        name: connection.scalars(select(func.count()).select_from(table)).one()
        for name, table in tables.items()
    }


@contextlib.contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one moment of the database, and keeps nobody from writing."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            seeing = connection.execution_options(read_only=True)
        else:
            seeing = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        with seeing.begin():
            yield seeing


def _write_rows(
    connection: Connection, table: Table, header: Header, writer: Writer, on_progress: Progress
) -> None:
    of_columns = list(header.tables[table.name].values())
    streaming = connection.execution_options(yield_per=AT_ONCE)
    for number, row in enumerate(streaming.execute(select(table)), 1):
        writer.add([encode(kind, value) for kind, value in zip(of_columns, row, strict=True)])
        if number % PROGRESS_EVERY == 0:
            on_progress(table.name, number, header.rows[table.name])
