"""The codes of PostgreSQL's errors.

The driver has a class for each, but an installation on SQLite need not import the driver: that
takes a tenth of the start of a process.
"""

from __future__ import annotations

FOREIGN_KEY_VIOLATION = "23503"
IDLE_IN_TRANSACTION_TIMEOUT = "25P03"
UNDEFINED_TABLE = "42P01"
UNDEFINED_COLUMN = "42703"
LOCK_NOT_AVAILABLE = "55P03"


def code_of(error: BaseException | None) -> str | None:
    """The code of an error of PostgreSQL's driver; None for any other error."""
    return getattr(error, "sqlstate", None)
