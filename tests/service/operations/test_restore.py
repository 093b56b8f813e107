"""Which backups are restored, and what they replace."""

from __future__ import annotations

import io
import sqlite3
import stat
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text, update

from service.operations.archive import Reader
from service.operations.errors import OperationError
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.store.schema import migrating, revisions, upgrade
from service.submissions.models import Submission
from service.upkeep.heartbeats import beat
from tests.service.operations.conftest import (
    BOTH,
    STORED_SUBMISSIONS,
    MakeEmpty,
    WithOneMore,
    all_rows,
    back_up,
    restore_bytes,
)


@BOTH
def test_a_database_with_rows_is_replaced_only_if_asked(
    stored: Settings, make_empty: MakeEmpty, database: str
) -> None:
    _, backup = back_up(stored)
    used = make_empty(database, "used")
    restore_bytes(used, backup)
    engine = make_engine(used)
    with engine.begin() as connection:
        connection.execute(update(Submission).values(filename="changed.py"))
    engine.dispose()
    before = all_rows(used)
    with pytest.raises(OperationError, match=r"has \d accounts and 7 submissions.*add --replace"):
        restore_bytes(used, backup)
    assert all_rows(used) == before
    kept = restore_bytes(used, backup, replacing=True)
    assert all_rows(used) == all_rows(stored)
    assert (kept is not None) == (database == "sqlite")
    if kept is not None:
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        with closing(sqlite3.connect(kept)) as connection:
            query = "SELECT DISTINCT filename FROM submissions"
            assert connection.execute(query).fetchall() == [("changed.py",)]


@BOTH
def test_an_upgraded_database_without_accounts_is_empty(
    stored: Settings, make_empty: MakeEmpty, database: str
) -> None:
    empty = make_empty(database, "empty")
    upgrade(empty)
    engine = make_engine(empty)
    beat(make_sessions(engine))  # a scheduler has run
    engine.dispose()
    restore_bytes(empty, back_up(stored)[1])
    assert all_rows(empty) == all_rows(stored)


@BOTH
def test_generated_numbers_go_on_after_those_of_the_backup(
    make_empty: MakeEmpty, with_one_more: WithOneMore, database: str
) -> None:
    with_one_more('op.create_table("notes", sa.Column("id", sa.Integer(), primary_key=True))')
    source, restored = make_empty("sqlite", "source"), make_empty(database, "restored")
    upgrade(source)
    insert = text("INSERT INTO notes (id) VALUES (7)")
    with migrating(source) as connection:
        connection.execute(insert)
    restore_bytes(restored, back_up(source)[1])
    with migrating(restored) as connection:
        connection.execute(text("INSERT INTO notes DEFAULT VALUES"))
    assert all_rows(restored)["notes"] == [[7], [8]]


def damage(backup: bytes) -> dict[str, bytes]:
    """Damaged copies of a backup."""
    middle = len(backup) // 2
    flipped = bytes([backup[middle] ^ 0x40])
    return {
        "cut": backup[:middle],
        "without its end": backup[:-30],
        "flipped": backup[:middle] + flipped + backup[middle + 1 :],
        "longer": backup + backup,
    }


@BOTH
@pytest.mark.parametrize("kind", ["cut", "without its end", "flipped", "longer"])
def test_a_damaged_backup_changes_nothing(
    stored: Settings, make_empty: MakeEmpty, database: str, kind: str
) -> None:
    _, backup = back_up(stored)
    used = make_empty(database, "used")
    restore_bytes(used, backup)
    before = all_rows(used)
    with pytest.raises(OperationError, match=r"damaged.*Nothing was changed"):
        restore_bytes(used, damage(backup)[kind], replacing=True)
    assert all_rows(used) == before
    assert not list(used.data_dir.glob("*.restoring*"))


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PRAGMA foreign_keys=OFF;\n"])
def test_another_file_is_not_a_backup(content: bytes) -> None:
    with pytest.raises(OperationError, match="not a backup of Chainrule"):
        Reader(io.BytesIO(content))


def test_a_backup_of_a_newer_version_is_rejected(
    stored: Settings, make_empty: MakeEmpty, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, backup = back_up(stored)
    known = revisions()[1:]
    with monkeypatch.context() as patch:
        patch.setattr("service.operations.restore.revisions", lambda: known)
        with pytest.raises(OperationError, match="newer version, Chainrule"):
            restore_bytes(make_empty("sqlite", "older"), backup)
    monkeypatch.setattr("service.operations.archive.FORMAT", 0)
    with pytest.raises(OperationError, match="newer version of Chainrule"):
        Reader(io.BytesIO(backup))


def test_tables_of_another_program_stay(stored: Settings, make_empty: MakeEmpty) -> None:
    shared = make_empty("postgresql", "shared")
    engine = create_engine(shared.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id integer)"))
    with pytest.raises(OperationError, match="another program: theirs"):
        restore_bytes(shared, back_up(stored)[1], replacing=True)
    with engine.begin() as connection:
        connection.execute(text("SELECT * FROM theirs"))
    engine.dispose()


def test_a_database_in_use_is_not_replaced(stored: Settings) -> None:
    _, backup = back_up(stored)
    with closing(sqlite3.connect(stored.data_dir / "chainrule.db")) as other:
        other.execute("PRAGMA journal_mode=WAL").fetchall()
        other.execute("SELECT count(*) FROM accounts").fetchall()
        with pytest.raises(OperationError, match="Stop the service"):
            restore_bytes(stored, backup, replacing=True)
    assert len(all_rows(stored)["submissions"]) == STORED_SUBMISSIONS
