"""A backup is restored: everything is equal row by row, and the service runs on it."""

from __future__ import annotations

import io
import random
import stat
import tracemalloc
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from service.embedded.data_folder import open_database
from service.embedded.spool import MESSAGE
from service.operations.archive import Reader
from service.operations.backup import private_file, write_backup
from service.operations.errors import OperationError
from service.operations.portable import kinds, read_tables
from service.operations.restore import restore
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.store.schema import migrating, upgrade
from service.submissions import gradings
from service.submissions.models import Grading, Status, Submission
from service.submissions.receipts import Receipts, verify_receipt
from service.submissions.stored_reports import read_report
from tests.service.conftest import MakeApp, make_class, make_settings, submit_source
from tests.service.operations.conftest import (
    BOTH,
    MakeEmpty,
    all_rows,
    back_up,
    ignore,
    restore_bytes,
)
from tests.support import factories
from tests.support.stored import restore_database

OFTEN_EMPTY = {"slots", "heartbeats", "ended_sessions"}  # of the stored database


@BOTH
def test_a_restored_database_is_equal_row_by_row(
    stored: Settings, make_empty: MakeEmpty, database: str
) -> None:
    restored = make_empty(database, "restored")
    before = all_rows(stored)
    _, backup = back_up(stored)
    assert restore_bytes(restored, backup) is None
    assert all_rows(restored) == before
    assert {name for name, rows in before.items() if not rows} <= OFTEN_EMPTY
    _, again = back_up(restored)  # from PostgreSQL to PostgreSQL in the second run
    restore_bytes(restored, again, replacing=True)
    assert all_rows(restored) == before
    back = make_empty("sqlite", "back")
    restore_bytes(back, again)
    assert all_rows(back) == before


@BOTH
def test_both_databases_have_the_same_portable_types(make_empty: MakeEmpty, database: str) -> None:
    empty, other = make_empty(database, "empty"), make_empty("sqlite", "other")
    found = []
    for settings in (empty, other):
        upgrade(settings)
        with migrating(settings) as connection:
            found.append({name: kinds(table) for name, table in read_tables(connection).items()})
    assert found[0] == found[1]


@BOTH
def test_values_that_are_hard_to_store_come_back(
    make_empty: MakeEmpty, database: str, tmp_path: Path
) -> None:
    source = make_empty(database, "source")
    upgrade(source)
    engine = make_engine(source)
    with make_sessions(engine)() as session:
        members = make_class(session)
        members.ada.name = "\u00fc \U0001f600 \\u0041 \n\u2028 'x' \x7f"
        submission = factories.make_submission(session, members.assignment, members.ada, source="")
        submission.submitted_at = now().replace(microsecond=1)
        submission.grading.seed = 2**31 - 1
        submission.grading.status, submission.grading.max_score = Status.DONE, 5e-324
        submission.grading.score = 0.1 + 0.2
        submission.grading.tally = {"a": [1, 2.5, None, "\u0663", {"b": True}]}
        session.commit()
    engine.dispose()
    restored = make_settings(tmp_path / "restored")
    restored.data_dir.mkdir()
    restore_bytes(restored, back_up(source)[1])
    assert all_rows(restored) == all_rows(source)


@BOTH
def test_the_service_runs_on_a_restored_database_and_receipts_are_valid(
    settings: Settings, make_app: MakeApp, make_empty: MakeEmpty, database: str
) -> None:
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
    engine.dispose()
    issued = submit_source(make_app(settings).test_client(), members).json
    assert issued is not None
    restored = make_empty(database, "restored")
    restore_bytes(restored, back_up(settings)[1])
    client = make_app(restored).test_client()
    verified = client.post(
        "/api/v1/receipts/verify",
        json={"receipt": issued["receipt"]},
        headers=members.bearer(members.ada),
    ).json
    assert verified is not None
    assert (verified["signature"], verified["recorded"]) == (True, True)
    again = submit_source(client, members)
    assert again.status_code == 202
    assert again.json is not None
    assert again.json["attempt"] == 2


@BOTH
def test_what_was_queued_or_running_is_queued_again_without_the_old_broker(
    stored: Settings, make_empty: MakeEmpty, database: str
) -> None:
    restored = make_empty(database, "restored")
    restore_bytes(restored, back_up(stored)[1])
    engine = make_engine(restored)
    sessions = make_sessions(engine)
    with sessions() as session:
        unfinished = set(
            session.scalars(
                select(Grading.id).where(Grading.status.in_([Status.QUEUED, Status.RUNNING]))
            )
        )
    later = now() + timedelta(days=1)
    assert len(unfinished) == 2
    assert set(gradings.requeue_lost(sessions, restored, later)) == unfinished
    engine.dispose()


def test_the_embedded_service_starts_on_a_restored_database(
    stored: Settings, make_empty: MakeEmpty
) -> None:
    restored = make_empty("sqlite", "restored")
    restore_bytes(restored, back_up(stored)[1])
    open_database(restored)
    waiting = list((restored.data_dir / "broker").glob(f"*/*{MESSAGE}"))
    assert len(waiting) == 2


@BOTH
def test_a_backup_is_one_moment_while_the_service_writes(
    make_empty: MakeEmpty, make_app: MakeApp, database: str
) -> None:
    source = make_empty(database, "source")
    upgrade(source)
    engine = make_engine(source)
    with make_sessions(engine)() as session:
        members = make_class(session)
        written_at_once = random.Random(7).randbytes(400_000).hex()  # too much for a buffer
        factories.make_submission(session, members.assignment, members.ada, source=written_at_once)
        session.commit()
    client = make_app(replace(source, submissions_per_minute=1000)).test_client()

    class Submitting(io.BytesIO):
        """A slow disk: somebody submits a file whenever something is written."""

        def write(self, data: Any, /) -> int:
            assert submit_source(client, members).status_code == 202
            return super().write(data)

    stream = Submitting()
    header = write_backup(source, stream, secret_keys=[], on_progress=ignore)
    with engine.connect() as connection:
        assert connection.scalars(select(func.count(Submission.id))).one() > 2
    engine.dispose()
    restored = make_empty("sqlite", "restored")
    restore_bytes(restored, stream.getvalue())
    rows = all_rows(restored)
    assert len(rows["submissions"]) == len(rows["gradings"]) == header.rows["submissions"] == 1


@BOTH
def test_a_backup_of_an_earlier_version_is_migrated(make_empty: MakeEmpty, database: str) -> None:
    old, restored = make_empty("sqlite", "old"), make_empty(database, "restored")
    restore_database(old.data_dir / "chainrule.db", "0004")
    header, backup = back_up(old)
    assert header.revision == "0004"
    restore_bytes(restored, backup)
    upgrade(old)
    rows, expected = all_rows(restored), all_rows(old)
    assert rows == expected
    engine = make_engine(restored)
    with make_sessions(engine)() as session:
        for grading in session.scalars(select(Grading).where(Grading.status == Status.DONE)):
            report = read_report(session, grading.id)
            assert report is not None
            assert report.score == grading.score
    engine.dispose()


def test_an_empty_database_has_nothing_to_back_up(make_empty: MakeEmpty) -> None:
    with pytest.raises(OperationError, match="nothing to back up"):
        back_up(make_empty("sqlite", "empty"))


def test_a_backup_is_private_and_has_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "backup"
    with private_file(path) as file:
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OperationError, match="exists already"), private_file(path):
        pass
    with pytest.raises(ZeroDivisionError), private_file(tmp_path / "another"):
        raise ZeroDivisionError
    assert [each.name for each in tmp_path.iterdir()] == ["backup"]


@BOTH
def test_memory_does_not_grow_with_the_number_of_submissions(
    make_empty: MakeEmpty, database: str, tmp_path: Path
) -> None:
    source, size = make_empty(database, "source"), 100_000
    upgrade(source)
    engine = make_engine(source)
    with make_sessions(engine)() as session:
        members = make_class(session)
        for attempt in range(1, 251):  # 25 MB of sources
            text_of = f"# {attempt}\n".ljust(size, "x")
            factories.make_submission(
                session, members.assignment, members.ada, attempt=attempt, source=text_of
            )
        session.commit()
        session.expunge_all()
    engine.dispose()
    restored, path = make_empty("sqlite", "restored"), tmp_path / "backup"
    tracemalloc.start()
    try:
        with path.open("wb") as stream:
            write_backup(source, stream, secret_keys=[], on_progress=ignore)
        with path.open("rb") as backup:
            restore(restored, Reader(backup), replacing=False, on_progress=ignore)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 18 * 2**20
    assert all_rows(restored)["submissions"] == all_rows(source)["submissions"]


def test_receipts_need_the_key_that_the_backup_names(stored: Settings) -> None:
    header, _ = back_up(stored)
    assert header.key_id == Receipts(stored.secret_key).key_id
    engine = make_engine(stored)
    with make_sessions(engine)() as session:
        submission = session.scalars(select(Submission)).first()
        assert submission is not None
        receipt = Receipts(stored.secret_key).sign(submission)
        moved = Receipts("n" * 40, [stored.secret_key])
        assert verify_receipt(session, moved, receipt).recorded
        assert not verify_receipt(session, Receipts("n" * 40), receipt).recorded
    engine.dispose()


def test_progress_names_the_table_and_both_numbers(
    stored: Settings, make_empty: MakeEmpty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.operations.backup.PROGRESS_EVERY", 3)
    monkeypatch.setattr("service.operations.restore.PROGRESS_EVERY", 3)
    written: list[tuple[str, int, int]] = []
    stream = io.BytesIO()
    write_backup(stored, stream, secret_keys=[], on_progress=lambda *each: written.append(each))
    assert ("submissions", 3, 7) in written
    assert ("submissions", 6, 7) in written
    stream.seek(0)
    restored: list[tuple[str, int, int]] = []
    restore(
        make_empty("sqlite", "restored"),
        Reader(stream),
        replacing=False,
        on_progress=lambda *each: restored.append(each),
    )
    assert ("submissions", 7, 7) in restored  # a batch is larger
