"""Disk use is measured on both databases, and logs stay small."""

from __future__ import annotations

import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from service.operations.disk import measure
from service.operations.log_files import rotate_logs
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.store.schema import revisions
from service.submissions.models import StoredReport, Submission
from tests.service.operations.conftest import MakeEmpty, back_up, restore_bytes


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_rows_and_bytes_are_those_of_the_database(
    stored: Settings, make_empty: MakeEmpty, database: str
) -> None:
    settings = make_empty(database, "measured")
    restore_bytes(settings, back_up(stored)[1])
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        reports = session.scalars(select(StoredReport)).all()
        sources = session.scalars(select(Submission.source)).all()
    engine.dispose()
    use = measure(settings)
    assert use.schema == revisions()[0]
    assert (use.rows["submissions"], use.rows["reports"]) == (7, len(reports))
    assert use.reports == sum(len(each.summary) + len(each.report) for each in reports) > 0
    assert use.sources == sum(len(source.encode()) for source in sources) > 0
    assert use.database > use.reports + use.sources


def test_a_database_without_tables_has_no_rows(make_empty: MakeEmpty) -> None:
    use = measure(make_empty("sqlite", "empty"))
    assert (use.schema, use.rows, use.reports, use.sources) == (None, {}, 0, 0)


def test_folders_and_free_space_are_measured_where_there_are_any(stored: Settings) -> None:
    (stored.data_dir / "log").mkdir()
    (stored.data_dir / "log" / "worker.log").write_bytes(bytes(1000))
    (stored.data_dir / "broker" / "celery").mkdir()
    (stored.data_dir / "broker" / "celery" / "1.msg").write_bytes(bytes(7))
    use = measure(stored)
    assert (use.folders["log"], use.folders["broker"]) == (1000, 7)
    assert use.free is not None
    assert use.free > 0
    elsewhere = replace(stored, data_dir=stored.data_dir / "missing")
    assert (measure(elsewhere).folders, measure(elsewhere).free) == ({}, None)


def test_a_large_log_is_rotated_while_a_process_writes_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.operations.log_files.LARGEST", 10)
    log, small = tmp_path / "worker.log", tmp_path / "serve.log"
    small.write_text("short\n")
    writer = "import sys\nfor line in sys.stdin:\n    print(line, end='', flush=True)\n"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", writer], stdin=subprocess.PIPE, stdout=output, text=True
        )
    assert process.stdin is not None
    written = ["the first line\n", "the second line\n", "the third line\n"]
    for number, line in enumerate(written, 1):
        process.stdin.write(line)
        process.stdin.flush()
        while line not in log.read_text():
            assert process.poll() is None
        rotate_logs(tmp_path)
        assert log.read_text() == ""
        earlier = tmp_path / "worker.log.1"
        assert earlier.read_text() == written[number - 1]
        assert stat.S_IMODE(earlier.stat().st_mode) == 0o600
    process.stdin.close()
    assert process.wait() == 0
    assert small.read_text() == "short\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        "serve.log",
        "worker.log",
        "worker.log.1",
    ]
