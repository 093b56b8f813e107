"""Tables and values in a form that is the same on SQLite and PostgreSQL, whatever their version.

The tables are read from the database itself. So a database of an earlier version can be backed up,
and a backup of one can be restored.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CHAR,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Double,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import TypeEngine

from service.operations.errors import OperationError
from service.store.base import UtcDateTime

Row = list[Any]  # values as JSON has them, in the order of the columns
UUID_LENGTH = 32  # SQLite has no UUIDs: they are CHAR(32) there, and nothing else is

TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "uuid": Uuid,
    "boolean": Boolean,
    "moment": UtcDateTime,
    "json": lambda: JSON(none_as_null=True),
    "bytes": LargeBinary,
    "integer": BigInteger,
    "number": Double,
    "text": Text,
}


def read_tables(connection: Connection) -> dict[str, Table]:
    """The database's tables with portable types, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    own = MetaData()
    return {
        table.name: Table(
            table.name,
            own,
            *(Column(column.name, TYPES[_kind(column)]()) for column in table.columns),
        )
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def kinds(table: Table) -> dict[str, str]:
    """The names of the columns with the names of their portable types."""
    return {column.name: _kind(column) for column in table.columns}


def encode(kind: str, value: Any) -> Any:
    """A value of the database as JSON has it."""
    if value is None:
        return None
    match kind:
        case "uuid":
            return str(value)
        case "moment":
            return value.isoformat()
        case "bytes":
            return base64.b64encode(value).decode("ascii")
        case _:
            return value


def decode(kind: str, value: Any) -> Any:
    """The value of the database that `encode` was given."""
    if value is None:
        return None
    match kind:
        case "uuid":
            return uuid.UUID(value)
        case "moment":
            return datetime.fromisoformat(value)
        case "bytes":
            return base64.b64decode(value, validate=True)
        case _:
            return value


def _kind(column: Column[Any]) -> str:
    match column.type:
        case Uuid():
            return "uuid"
        case CHAR(length=length) if length == UUID_LENGTH:
            return "uuid"
        case Boolean():
            return "boolean"
        case DateTime() | UtcDateTime():
            return "moment"
        case JSON():
            return "json"
        case LargeBinary():
            return "bytes"
        case Integer():
            return "integer"
        case Numeric() | Double():
            return "number"
        case String():
            return "text"
        case other:
            raise OperationError(f"A backup can't have the type {other!r} of column {column}.")
