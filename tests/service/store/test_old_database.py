"""A database that version 0.1.0 wrote opens, and its reports are read, converted and restored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.store.schema import migrating, migrations, upgrade
from service.submissions.models import Grading, Status
from service.submissions.stored_reports import convert_old, read_report, read_summary
from tests.service.conftest import make_settings
from tests.support.stored import restore_database


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with the old database in its data folder."""
    made = make_settings(tmp_path)
    file = Path(made.database_url.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    restore_database(file)
    return made


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session after the migration."""
    upgrade(settings)
    engine = make_engine(settings)
    with make_sessions(engine)() as opened:
        yield opened
    engine.dispose()


def reports_of(settings: Settings) -> dict[str, Any]:
    """The reports in the rows of gradings, by id."""
    file = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT id, report FROM gradings").fetchall()
    return {grading_id: report and json.loads(report) for grading_id, report in rows}


def test_every_grading_of_the_old_database_reads_as_before(session: Session) -> None:
    statuses = sorted(session.scalars(select(Grading.status)))
    done = [Status.DONE] * 4
    assert statuses == sorted([*done, Status.QUEUED, Status.RUNNING, Status.ERRORED])
    for grading in session.scalars(select(Grading)):
        report, summary = read_report(session, grading.id), read_summary(session, grading.id)
        if grading.status is Status.DONE:
            assert report is not None
            assert summary is not None
            assert (report.score, summary.score) == (grading.score, grading.score)
        else:
            assert (report, summary) == (None, None)


def test_a_downgrade_after_the_conversion_restores_every_report(settings: Settings) -> None:
    before = reports_of(settings)
    upgrade(settings)
    engine = make_engine(settings)
    assert convert_old(make_sessions(engine), 100).converted == 4
    engine.dispose()
    assert set(reports_of(settings).values()) == {None}
    with migrating(settings) as connection:
        command.downgrade(migrations(connection), "0004")
    assert reports_of(settings) == before
