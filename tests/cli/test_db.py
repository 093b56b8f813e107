"""`chainrule db`: upgrade the schema, and convert the reports of an earlier version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.settings import Settings
from service.store.schema import revisions
from tests.cli.conftest import Run
from tests.support.stored import restore_database


@pytest.fixture
def old_database(run: Run, tmp_path: Path) -> Path:  # noqa: ARG001 - it sets the data folder
    """The database of version 0.1.0 in place of the empty one."""
    file = Path(Settings.from_env().database_url.removeprefix("sqlite:///"))
    for each in tmp_path.glob(f"{file.name}*"):
        each.unlink()
    restore_database(file)
    return file


def test_old_reports_are_converted_and_counted(run: Run, old_database: Path) -> None:
    run("db", "upgrade")
    assert run("db", "convert-reports") == "4 reports converted, 0 left.\n"
    assert run("db", "convert-reports") == "0 reports converted, 0 left.\n"
    with closing(sqlite3.connect(old_database)) as connection:
        assert connection.execute("SELECT count(*) FROM reports").fetchone() == (4,)


def test_an_upgrade_and_a_downgrade_say_what_changed_and_where_the_copy_is(
    run: Run, old_database: Path
) -> None:
    shown = run("db", "upgrade")
    newest = revisions()[0]
    assert f"now has schema {newest}; before, 0004." in shown
    assert f"from before is kept: {old_database.parent / 'backups'}" in shown
    assert run("db", "upgrade") == f"The database is up to date: schema {newest}.\n"
    assert "Aborted" in run("db", "downgrade", "0005", typed="n\n", status=1)
    assert "now has schema 0005" in run("db", "downgrade", "0005", "--yes")


def test_the_status_shows_schema_rows_and_sizes(run: Run, old_database: Path) -> None:
    newest = revisions()[0]
    assert f"schema: 0004 (this version needs {newest}: chainrule db upgrade)" in run(
        "db", "status"
    )
    run("db", "upgrade")
    shown = run("db", "status").splitlines()
    assert shown[0] == f"schema: {newest}"
    assert "submissions                     7 rows" in shown
    sizes = dict(line.rsplit(maxsplit=2)[:2] for line in shown if line.endswith("MB"))
    assert float(sizes["database"]) >= round(old_database.stat().st_size / 2**20, 1)
    assert {"  its reports", "  its sources", "backups", "free on the disk"} <= set(sizes)


def test_old_reports_are_removed_if_the_setting_says_so(
    run: Run, old_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("db", "upgrade")
    shown = run("db", "prune-reports", status=2)
    assert "Reports are kept for ever: CHAINRULE_KEEP_REPORTS_DAYS is not set." in shown
    monkeypatch.setenv("CHAINRULE_KEEP_REPORTS_DAYS", "1")
    monkeypatch.setattr("service.cli.db.PROGRESS_EVERY", 1)
    with closing(sqlite3.connect(old_database)) as connection, connection:
        connection.execute("UPDATE gradings SET finished_at = '2020-01-01 00:00:00'")
        connection.execute("DELETE FROM overrides")
        student = "(SELECT student_id FROM submissions LIMIT 1)"  # all files are now by one student
        connection.execute(f"UPDATE submissions SET attempt = 100 + rowid, student_id = {student}")
    shown = run("db", "prune-reports")
    removed = int(shown.splitlines()[-1].partition(" ")[0])
    assert shown == f"{removed} reports removed so far ...\n{removed} reports removed.\n"
    assert removed > 0


def test_a_report_that_cannot_be_read_is_reported(run: Run, old_database: Path) -> None:
    run("db", "upgrade")
    with closing(sqlite3.connect(old_database)) as connection, connection:
        connection.execute(
            "UPDATE gradings SET report = '{\"schema\": 1}' WHERE id IN "
            "(SELECT id FROM gradings WHERE report IS NOT NULL LIMIT 1)"
        )
    shown = run("db", "convert-reports", status=2)
    assert "3 reports converted, 1 left." in shown
    assert "1 report can't be read and stays unchanged. The log" in shown


def test_progress_is_shown_for_many_reports(
    run: Run,
    old_database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("service.cli.db.PROGRESS_EVERY", 2)
    assert old_database.exists()
    run("db", "upgrade")
    assert run("db", "convert-reports").splitlines() == [
        "2 reports converted so far ...",
        "4 reports converted so far ...",
        "4 reports converted, 0 left.",
    ]
