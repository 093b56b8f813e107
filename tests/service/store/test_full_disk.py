"""A full disk: nothing is half stored, students get a message, and work goes on later."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.submissions import gradings
from service.submissions.models import Grading, Status, Submission
from tests.service.conftest import Class, MakeApp, install, make_class, submit_source
from tests.service.telemetry.test_monitoring import read_rules
from tests.students import engine as engine_of
from worker import tasks
from worker.grading.grade import grade
from worker.report.model import Report

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a small disk to fill")
DISK_BYTES = 6 * 2**20
LARGE = "# " + "x" * 200_000 + "\n"  # more than the free pages of the database can store


@dataclass(frozen=True, slots=True)
class Disk:
    """A small file system."""

    folder: Path

    def fill(self, free: int = 0) -> None:
        """Fill the disk, to the last byte if none is to stay free."""
        with (self.folder / "filler").open("ab", buffering=0) as filler:
            if free:
                filler.write(bytes(shutil.disk_usage(self.folder).free - free))
                return
            for size in (2**16, 1):
                try:
                    while filler.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def clear(self) -> None:
        """Free the space again."""
        (self.folder / "filler").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A file system that only this test sees; removed after the test."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs"]
    subprocess.run(["mount", *options, folder], check=True)
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def on_disk(disk: Disk, blank: Path) -> Settings:
    """An embedded installation with database and broker on the small disk."""
    return install(blank, disk.folder)


@pytest.fixture
def db(on_disk: Settings) -> Iterator[Session]:
    """A session on its database."""
    engine = make_engine(on_disk)
    with make_sessions(engine)() as session:
        yield session
    engine.dispose()


@pytest.fixture
def slot(on_disk: Settings) -> Iterator[tasks.Slot]:
    """A worker's slot on its database."""
    slot = tasks.Slot.open(replace(on_disk, lease_seconds=0.1))
    yield slot
    slot.close()


def count(session: Session) -> tuple[int, int]:
    """The numbers of submissions and gradings in the database."""
    tables = (Submission, Grading)
    with session.begin():  # and no longer: it is the one writer meanwhile
        found = [session.scalars(select(func.count()).select_from(t)).one() for t in tables]
    return found[0], found[1]


@pytest.fixture
def members(db: Session) -> Class:
    """A class in its database."""
    return make_class(db)


@pytest.fixture
def client(make_app: MakeApp, on_disk: Settings) -> FlaskClient:
    """A client of the service."""
    return make_app(on_disk).test_client()


def test_a_submission_on_a_full_disk_is_rejected_and_leaves_no_rows(
    disk: Disk, db: Session, members: Class, client: FlaskClient
) -> None:
    first = submit_source(client, members)
    assert first.status_code == 202
    disk.fill()
    for _ in range(3):
        rejected = submit_source(client, members, source=LARGE)
        assert rejected.status_code == 503
        assert rejected.json is not None
        assert rejected.json["error"]["code"] == "unavailable"
        assert count(db) == (1, 1)
        assert client.get("/healthz").status_code == 200
        assert client.get(first.headers["Location"], headers=members.bearer(members.ada)).json
    disk.clear()
    again = submit_source(client, members, source=LARGE)
    assert again.status_code == 202
    assert again.json is not None
    assert again.json["attempt"] == 2
    assert count(db) == (2, 2)


def test_the_same_key_is_one_submission_whenever_the_disk_was_full(
    disk: Disk, db: Session, members: Class, client: FlaskClient
) -> None:
    disk.fill()
    assert submit_source(client, members, source=LARGE, key="mine").status_code == 503
    disk.clear()
    answers = [submit_source(client, members, source=LARGE, key="mine") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert count(db) == (1, 1)


def test_a_full_disk_under_the_broker_loses_no_submission(
    disk: Disk, settings: Settings, make_app: MakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    engine = make_engine(settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
        apart = replace(settings, data_dir=disk.folder)
        client = make_app(apart).test_client()
        (disk.folder / "broker" / "celery").mkdir(parents=True)
        disk.fill()
        assert submit_source(client, members).status_code == 202
        assert count(session) == (1, 1)
        assert "No space left on device" in caplog.text
        assert [*disk.folder.rglob("*.part")] == []
    late = now() + timedelta(days=1)
    assert len(gradings.requeue_lost(make_sessions(engine), settings, late)) == 1
    engine.dispose()


def is_alarming(metrics: str) -> bool:
    """Whether the alert on a full disk would fire for the data folder."""
    (expression,) = (
        rule["expr"] for rule in read_rules() if rule["alert"] == "ChainruleDiskNearlyFull"
    )
    found = re.fullmatch(r"min by \(folder\) \((\w+) / (\w+)\) < ([\d.]+)", expression)
    assert found is not None
    values = {
        sample.name: sample.value
        for family in text_string_to_metric_families(metrics)
        for sample in family.samples
        if sample.labels.get("folder") == "data"
    }
    return values[found[1]] / values[found[2]] < float(found[3])


def test_the_alert_fires_before_the_disk_is_full(disk: Disk, client: FlaskClient) -> None:
    assert not is_alarming(client.get("/metrics").text)
    disk.fill(free=DISK_BYTES // 20)
    assert is_alarming(client.get("/metrics").text)
    disk.fill()
    assert is_alarming(client.get("/metrics").text)
    disk.clear()
    assert not is_alarming(client.get("/metrics").text)


def refuse_to_queue(_: uuid.UUID) -> None:
    raise AssertionError("nothing was to be queued again")


def find_grading(session: Session) -> uuid.UUID:
    """The only grading in the database."""
    with session.begin():
        return session.scalars(select(Grading.id)).one()


def check_graded_later(session: Session, slot: tasks.Slot, grading_id: uuid.UUID) -> None:
    """The grading is graded in one try after its lease has run out, or its message was lost."""
    late = now() + timedelta(minutes=1)
    assert gradings.requeue_lost(slot.sessions, slot.settings, late) == [grading_id]
    tasks.grade_queued(slot, refuse_to_queue)
    with session.begin():
        grading = session.get_one(Grading, grading_id)
        assert (grading.status, grading.tries) == (Status.DONE, 1)
        assert grading.score == grading.max_score


def test_a_grading_whose_report_does_not_fit_is_run_again(
    disk: Disk,
    db: Session,
    members: Class,
    client: FlaskClient,
    slot: tasks.Slot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit_source(client, members, source=engine_of("right/closures"))
    grading_id = find_grading(db)

    def grade_while_it_fills(*arguments: Any, **options: Any) -> Report:
        report = grade(*arguments, **options)
        disk.fill()
        return report

    with monkeypatch.context() as patch:
        patch.setattr("worker.tasks.grade", grade_while_it_fills)
        with pytest.raises(OperationalError, match="full"):
            tasks.grade_queued(slot, refuse_to_queue)
    disk.clear()
    check_graded_later(db, slot, grading_id)


def test_a_worker_on_a_full_disk_grades_once_there_is_space(
    disk: Disk, db: Session, members: Class, client: FlaskClient, slot: tasks.Slot
) -> None:
    submit_source(client, members, source=engine_of("right/closures"))
    grading_id = find_grading(db)
    disk.fill()
    with pytest.raises(OperationalError, match="full"):
        tasks.grade_queued(slot, refuse_to_queue)
    disk.clear()
    check_graded_later(db, slot, grading_id)
