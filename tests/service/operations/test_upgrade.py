"""An upgrade is all or nothing, keeps a copy on SQLite, and can be taken back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from service.operations.errors import OperationError
from service.operations.upgrade import KEPT, downgrade, upgrade
from service.settings import Settings
from service.store.database import make_engine
from service.store.schema import migrating, revision_of, revisions
from tests.service.operations.conftest import (
    MakeEmpty,
    WithOneMore,
    all_rows,
    back_up,
    restore_bytes,
)
from tests.support.stored import restore_database

BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])
CHANGES = """
op.add_column("courses", sa.Column("colour", sa.Text()))
op.execute("UPDATE courses SET title = 'changed'")
op.create_table("colours", sa.Column("name", sa.Text()))
with op.batch_alter_table("gradings") as gradings:
    gradings.drop_column("fault")
"""


@pytest.fixture
def make_stored(make_empty: MakeEmpty, stored: Settings) -> Callable[[str], Settings]:
    """Makes installations with the stored data, on a database."""

    def make(database: str) -> Settings:
        if database == "sqlite":
            return stored
        made = make_empty(database, "on-postgresql")
        restore_bytes(made, back_up(stored)[1])
        return made

    return make


def revision(settings: Settings) -> str | None:
    """The revision of a database."""
    with migrating(settings) as connection:
        return revision_of(connection)


def upgrade_apart(
    settings: Settings, folder: Path, largest_file: int = 10**9
) -> subprocess.CompletedProcess[str]:
    """Upgrade with the migrations of a folder, in a process of its own."""
    code = textwrap.dedent(f"""
        import resource
        from pathlib import Path
        from service.operations.upgrade import upgrade
        from service.settings import Settings
        from service.store import schema
        schema.MIGRATIONS = Path({str(folder)!r})
        resource.setrlimit(resource.RLIMIT_FSIZE, ({largest_file}, {largest_file}))
        upgrade(Settings.from_env())
    """)
    environ = {
        "CHAINRULE_DATA_DIR": str(settings.data_dir),
        "CHAINRULE_SECRET_KEY": settings.secret_key,
    }
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@BOTH
def test_a_migration_that_raises_leaves_the_database_as_before(
    make_stored: Callable[[str], Settings], with_one_more: WithOneMore, database: str
) -> None:
    settings = make_stored(database)
    rows, before = all_rows(settings), revision(settings)
    with_one_more(CHANGES + "raise ValueError('half way')")
    with pytest.raises(OperationError, match=r"ValueError.*as it was before.*version from before"):
        upgrade(settings)
    assert revision(settings) == before
    assert all_rows(settings) == rows


def test_a_process_that_is_killed_while_it_upgrades_leaves_the_database_as_before(
    stored: Settings, with_one_more: WithOneMore
) -> None:
    rows, before = all_rows(stored), revision(stored)
    own = with_one_more(CHANGES + "os.kill(os.getpid(), 9)")
    killed = upgrade_apart(stored, own)
    assert killed.returncode == -9
    assert revision(stored) == before
    assert all_rows(stored) == rows


@BOTH
def test_a_migration_takes_effect_and_can_be_taken_back(
    make_stored: Callable[[str], Settings], with_one_more: WithOneMore, database: str
) -> None:
    settings = make_stored(database)
    rows, before = all_rows(settings), revision(settings)
    with_one_more('op.add_column("courses", sa.Column("colour", sa.Text()))')
    change = upgrade(settings)
    assert (change.before, change.after) == (before, "next") == (before, revision(settings))
    assert all_rows(settings) != rows
    back = downgrade(settings, before or "")
    assert (back.before, back.after) == ("next", before) == ("next", back.after)
    assert all_rows(settings) == rows


def test_the_last_copies_of_an_sqlite_database_are_kept(
    stored: Settings, with_one_more: WithOneMore
) -> None:
    assert upgrade(stored).copy is None  # it is up to date
    rows, before = all_rows(stored), revision(stored)
    with_one_more('op.add_column("courses", sa.Column("colour", sa.Text()))')
    copies = []
    for _ in range(3):
        copies += [upgrade(stored).copy, downgrade(stored, before or "").copy]
    assert len(copies) == 6
    kept = sorted((stored.data_dir / "backups").iterdir())
    assert sorted(kept) == sorted(copy for copy in copies[-KEPT:] if copy is not None)
    for copy in kept:
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    first = next(copy for copy in kept if f"-{before}-" in copy.name)
    in_copy = replace(stored, database_url=f"sqlite:///{first}")
    assert revision(in_copy) == before
    assert all_rows(in_copy) == rows


def test_an_upgrade_needs_room_for_the_copy(stored: Settings, with_one_more: WithOneMore) -> None:
    rows = all_rows(stored)
    own = with_one_more('op.add_column("courses", sa.Column("colour", sa.Text()))')
    limited = upgrade_apart(stored, own, largest_file=100_000)
    assert "Free some space on the disk" in limited.stderr
    assert not list((stored.data_dir / "backups").iterdir())
    assert all_rows(stored) == rows


@BOTH
def test_two_upgrades_at_once_both_succeed(make_empty: MakeEmpty, database: str) -> None:
    settings = make_empty(database, "at-once")
    with ThreadPoolExecutor(2) as pool:
        changes = list(pool.map(upgrade, [settings] * 2))
    assert {change.after for change in changes} == {revisions()[0]} == {revision(settings)}


def test_an_upgrade_gives_up_when_a_table_stays_in_use(
    make_stored: Callable[[str], Settings],
    with_one_more: WithOneMore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = make_stored("postgresql")
    rows = all_rows(settings)
    with_one_more(CHANGES)
    monkeypatch.setattr("service.store.schema.LOCK_SECONDS", 0.5)
    engine = make_engine(settings)
    with engine.begin() as connection:
        connection.execute(text("SELECT count(*) FROM courses"))
        with pytest.raises(OperationError, match=r"lock timeout.*as it was before"):
            upgrade(settings)
    engine.dispose()
    assert all_rows(settings) == rows
    assert upgrade(settings).after == "next"


def test_a_request_that_uses_several_tables_during_an_upgrade_is_answered(
    make_stored: Callable[[str], Settings], with_one_more: WithOneMore
) -> None:
    settings = make_stored("postgresql")
    with_one_more(CHANGES)  # it changes courses, then gradings
    engine = make_engine(settings)
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database "
        "WHERE NOT granted AND locktype = 'relation' AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as pool:
        with engine.begin() as request:
            request.execute(text("SELECT count(*) FROM gradings"))
            upgrading = pool.submit(upgrade, settings)
            while not request.scalar(waiting):
                assert not upgrading.done()
            request.execute(text("SELECT count(*) FROM courses"))
        assert upgrading.result(60).after == "next"
    engine.dispose()


@BOTH
def test_a_database_of_a_newer_version_is_not_changed(
    make_stored: Callable[[str], Settings], database: str
) -> None:
    settings = make_stored(database)
    rows, newest = all_rows(settings), revisions()[0]
    with migrating(settings) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    for change in (upgrade, lambda each: downgrade(each, "0008")):
        with pytest.raises(OperationError, match=f"schema later.*chainrule db downgrade {newest}"):
            change(settings)
    with pytest.raises(OperationError, match="belongs to a newer version"):
        restore_bytes(settings, _backup_of(settings), replacing=True)
    assert all_rows(settings) == rows


def _backup_of(settings: Settings) -> bytes:
    """A backup of a database whose revision is unknown, as if it were known."""
    with migrating(settings) as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revisions()[0]}'"))
    _, backup = back_up(settings)
    with migrating(settings) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    return backup


def test_a_downgrade_names_an_earlier_revision(stored: Settings, make_empty: MakeEmpty) -> None:
    for wrong in ("nonsense", revisions()[0]):
        with pytest.raises(OperationError, match="not an earlier revision"):
            downgrade(stored, wrong)
    with pytest.raises(OperationError, match="than the database's, none"):
        downgrade(make_empty("sqlite", "empty"), "0008")


def test_the_stored_database_is_upgraded_and_taken_back(make_empty: MakeEmpty) -> None:
    settings = make_empty("sqlite", "old")
    restore_database(settings.data_dir / "chainrule.db", "0008")
    rows = all_rows(settings)
    assert upgrade(settings).before == "0008"
    if revisions()[0] != "0008":
        downgrade(settings, "0008")
    assert all_rows(settings) == rows
