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
from tests.support.factories import finish, make_case, make_report, make_suite
from tests.support.stored import restore_database
from worker.report.json import to_json


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
    return _column(settings, "report")


def tallies_of(settings: Settings) -> dict[str, Any]:
    """The tallies of gradings, by id."""
    return _column(settings, "tally")


def _column(settings: Settings, name: str) -> dict[str, Any]:
    file = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute(f"SELECT id, {name} FROM gradings").fetchall()
    return {grading_id: value and json.loads(value) for grading_id, value in rows}


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
    sessions = make_sessions(engine)
    assert convert_old(sessions, 100).converted == 4
    new = make_report(make_suite("rules", make_case()))
    with sessions.begin() as session:  # a worker of this version grades once more
        grading = session.scalars(select(Grading).where(Grading.status == Status.QUEUED)).one()
        grading_id = grading.id
        finish(grading, new)
    engine.dispose()
    assert set(reports_of(settings).values()) == {None}
    with migrating(settings) as connection:
        command.downgrade(migrations(connection), "0004")
    assert reports_of(settings) == before | {grading_id.hex: to_json(new)}
    assert tallies_of(settings)[grading_id.hex] is None  # the earlier version makes its own
    assert sum(tally is not None for tally in tallies_of(settings).values()) == 4
