"""What version 0.1.0 stored, with migrations up to 0004: whole reports of schema 1, and a database.

The database has a course `spring` with an assignment `engine` and three students. Its seven
gradings: four that are done (right, wrong, unloadable, two mistakes), one queued, one running, one
errored; and one override.
"""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPORTS = ("right", "wrong", "unloadable")


def stored_report(name: str) -> dict[str, Any]:
    """The JSON of a report of schema 1: "right", "wrong" or "unloadable"."""
    found: dict[str, Any] = json.loads(gzip.decompress((HERE / f"{name}.json.gz").read_bytes()))
    return found


def restore_database(file: Path) -> None:
    """Write the SQLite database as that version left it."""
    dump = gzip.decompress((HERE / "database_0004.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump)
