"""What a database is asked for, seen at the engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, event


class Statement(NamedTuple):
    """SQL as it is sent, and its parameters."""

    text: str
    parameters: Any


@contextmanager
def queries(engine: Engine) -> Iterator[list[Statement]]:
    """The SELECTs that run meanwhile, in their order."""
    seen: list[Statement] = []

    def note(_: Connection, __: object, text: str, parameters: Any, *___: object) -> None:
        if text.startswith(("SELECT", "WITH")):
            seen.append(Statement(text, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def plan(engine: Engine, statement: Statement) -> list[str]:
    """The steps by which SQLite answers a statement."""
    with engine.begin() as connection:
        rows = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement.text}", statement.parameters
        )
        return [row.detail for row in rows]
