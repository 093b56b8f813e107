"""What earlier versions stored: whole reports of schema 1, and databases.

The database of version 0.1.0, with migrations up to 0004, has a course `spring` with an assignment
`engine` and three students. Its seven gradings: four that are done (right, wrong, unloadable, two
mistakes), one queued, one running, one errored; and one override.

The database with migrations up to 0008 is the same one later: two of its reports are converted, the
queued grading is done and has a report of schema 2, and there are a regrade and a token.

The database with migrations up to 0013 is that one after `chainrule up` of its version: all reports
are converted, and three are removed. Two more gradings are done, and `chainrule up` was killed
while one ran and one was queued.
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


def restore_database(file: Path, revision: str = "0004") -> None:
    """Write an SQLite database as the version with this revision, 0004, 0008 or 0013, left it."""
    dump = gzip.decompress((HERE / f"database_{revision}.sql.gz").read_bytes()).decode()
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(dump)
