"""What earlier versions stored: whole reports of schema 1, and databases.

The database of version 0.1.0, with migrations up to 0004, has a course `spring` with an assignment
`engine` and three students. Its seven gradings: four that are done (right, wrong, unloadable, two
mistakes), one queued, one running, one errored; and one override.

The database with migrations up to 0008 is the same one later: two of its reports are converted, the
queued grading is done and has a report of schema 2, and there are a regrade and a token.

The database with migrations up to 0013 is that one after `chainrule up` of its version: all reports
are converted, and three are removed. Two more gradings are done, and `chainrule up` was killed
while one ran and one was queued.

`statements_0013_*` has the SQL statements of that version while it submits, claims, records and
sweeps, as `record_statements` wrote them.
"""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

HERE = Path(__file__).parent
REPORTS = ("right", "wrong", "unloadable")


def stored_report(name: str) -> dict[str, Any]:
    """The JSON of a report of schema 1: "right", "wrong" or "unloadable"."""
    found: dict[str, Any] = json.loads(gzip.decompress((HERE / f"{name}.json.gz").read_bytes()))
    return found


def restore_database(file: Path, revision: str = "0004") -> None:
    """Write an SQLite database as the version with this revision, 0004, 0008 or 0013, left it."""
    dump = gzip.decompress((HERE / f"database_{revision}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump)


class Statements:
    """The SQL statements of the version with this revision, by step."""

    def __init__(self, dialect: str, revision: str = "0013") -> None:
        file = HERE / f"statements_{revision}_{dialect}.json.gz"
        self._steps: dict[str, list[Any]] = json.loads(gzip.decompress(file.read_bytes()))

    def replay(self, connection: Connection, *steps: str) -> None:
        """Send the statements of some steps as the version sent them, and read their rows."""
        for step in steps:
            for statement, stored in self._steps[step]:
                parameters = {name: _restore(value) for name, value in stored.items()}
                result = connection.exec_driver_sql(statement, parameters)
                if result.returns_rows:
                    result.all()


def _restore(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
