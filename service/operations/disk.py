"""How much space an installation uses, and for what."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import BigInteger, Connection, LargeBinary, cast, func, select
from sqlalchemy.sql.elements import ColumnElement

from service.operations.backup import count_rows
from service.operations.files import BACKUPS, database_file
from service.operations.portable import read_tables
from service.settings import Settings
from service.store.database import make_engine
from service.store.schema import revision_of
from service.submissions.models import StoredReport, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """What is stored, in bytes and rows. `schema` is the database's revision.

    `reports` and `sources` are parts of `database`. `folders` are those of the embedded service,
    and `free` is what is left where the data folder is; without a data folder, it is None.
    """

    schema: str | None
    rows: dict[str, int]
    database: int
    reports: int
    sources: int
    folders: dict[str, int]
    free: int | None


def measure(settings: Settings) -> DiskUse:
    """Measure an installation; the service may run meanwhile. It reads sizes, not the contents."""
    engine = make_engine(settings)
    try:
        with engine.execution_options(read_only=True).connect() as connection:
            rows = count_rows(connection, read_tables(connection))
            return DiskUse(
                schema=revision_of(connection),
                rows=rows,
                database=_database_bytes(connection, settings),
                reports=_reports_bytes(connection) if "reports" in rows else 0,
                sources=_sources_bytes(connection) if "submissions" in rows else 0,
                folders={
                    name: _folder_bytes(settings.data_dir / name)
                    for name in ("log", "broker", BACKUPS)
                    if (settings.data_dir / name).is_dir()
                },
                free=shutil.disk_usage(settings.data_dir).free
                if settings.data_dir.is_dir()
                else None,
            )
    finally:
        engine.dispose()


def _database_bytes(connection: Connection, settings: Settings) -> int:
    file = database_file(settings)
    if file is None:
        query = select(func.pg_database_size(func.current_database(), type_=BigInteger))
        return connection.scalars(query).one()
    parts = (file.with_name(file.name + suffix) for suffix in ("", "-wal", "-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())


def _reports_bytes(connection: Connection) -> int:
    return _sum(connection, func.length(StoredReport.summary) + func.length(StoredReport.report))


def _sources_bytes(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":  # its octet_length is newer than some SQLites
        return _sum(connection, func.length(cast(Submission.source, LargeBinary)))
    return _sum(connection, func.octet_length(Submission.source))


def _sum(connection: Connection, size: ColumnElement[int]) -> int:
    return int(connection.scalars(select(func.coalesce(func.sum(size), 0))).one())


def _folder_bytes(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(where) / name).stat().st_size
            except FileNotFoundError:  # a message that a worker has taken meanwhile
                continue
    return total
