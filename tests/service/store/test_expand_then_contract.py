"""Every migration keeps what the version before reads and writes, so its processes may still run.

A version adds what it needs ("expand"), and a later one removes what nobody uses ("contract"). If
no process of an earlier version can still run, name the migration in CONTRACTS with the reason.
"""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select

from service.operations.portable import Row, kinds, read_tables
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.store.schema import migrating, revisions, upgrade, upgrade_to
from service.submissions.models import Grading, Status
from service.submissions.stored_reports import read_report, read_summary
from tests.service.conftest import make_settings
from tests.service.operations.conftest import all_rows
from tests.support.stored import Statements, restore_database
from worker import tasks

STORED = "0013"  # the schema of a version before
CONTRACTS: dict[str, str] = {}  # a revision, and why no earlier process can run
IN_ORDER = list(reversed(revisions()))
STEPS = [pair for pair in pairwise(IN_ORDER) if pair[0] >= "0007" and pair[1] not in CONTRACTS]


def describe(connection: Connection) -> dict[str, Any]:
    """Columns with types and whether they may be left out, and the constraints, by table."""
    inspector = inspect(connection)
    found: dict[str, Any] = {}
    for name, table in read_tables(connection).items():
        columns = {each["name"]: each for each in inspector.get_columns(name)}
        found[name] = {
            "types": kinds(table),
            "may be null": {key for key, each in columns.items() if each["nullable"]},
            "may be left out": {
                key
                for key, each in columns.items()
                if each["nullable"] or each["default"] is not None
            },
            "constraints": {
                *(str(each["sqltext"]) for each in inspector.get_check_constraints(name)),
                *(str(each["column_names"]) for each in inspector.get_unique_constraints(name)),
            },
        }
    return found


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """The stored database of the version before, not upgraded yet."""
    (tmp_path / "old").mkdir()
    restore_database(tmp_path / "old" / "chainrule.db", STORED)
    return make_settings(tmp_path / "old")


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An upgraded database without rows."""
    (tmp_path / "new").mkdir()
    environ = {}
    if request.param == "postgresql":
        environ["CHAINRULE_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    made = make_settings(tmp_path / "new", **environ)
    upgrade(made)
    return made


@pytest.mark.parametrize(("before", "after"), STEPS)
def test_a_migration_only_expands(tmp_path: Path, before: str, after: str) -> None:
    with migrating(make_settings(tmp_path)) as connection:
        upgrade_to(connection, before)
        earlier = describe(connection)
        upgrade_to(connection, after)
        later = describe(connection)
    for name, table in earlier.items():
        new = later[name]
        assert table["types"].items() <= new["types"].items(), f"{name} lost or changed a column"
        assert table["may be null"] <= new["may be null"], f"{name}: a column may not be null now"
        added = new["types"].keys() - table["types"].keys()
        assert added <= new["may be left out"], f"{name}: a new column has no default"
        bound = {text for text in new["constraints"] if not added & set(re.findall(r"\w+", text))}
        assert bound <= table["constraints"], f"{name} has a new constraint on an old column"


def test_what_the_version_before_writes_can_be_stored_and_read_back(
    old: Settings, upgraded: Settings
) -> None:
    with migrating(old) as connection:
        tables = read_tables(connection)
        rows: dict[str, list[Row]] = {
            name: [list(row) for row in connection.execute(select(table))]
            for name, table in tables.items()
        }
    with migrating(upgraded) as connection:
        for name, table in tables.items():  # only columns that the version before knows
            columns = table.columns.keys()
            given = [dict(zip(columns, row, strict=True)) for row in rows[name]]
            if given:
                connection.execute(table.insert(), given)
            read = [list(row) for row in connection.execute(select(table))]
            assert sorted(read, key=repr) == sorted(rows[name], key=repr)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_processes_of_the_version_before_work_on_during_an_upgrade(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    """They send the statements that they sent before, and this version grades what they queued."""
    environ = {}
    if database == "postgresql":
        environ["CHAINRULE_DATABASE_URL"] = request.getfixturevalue("postgres_url")
    settings, statements = make_settings(tmp_path, **environ), Statements(database, STORED)
    with migrating(settings) as connection:
        upgrade_to(connection, STORED)
    engine = make_engine(settings)
    running, renewed, upgraded = threading.Event(), list[int](), threading.Event()

    def replay(*steps: str) -> None:
        for step in steps:
            with engine.begin() as connection:
                statements.replay(connection, step)

    def renew() -> None:
        while not upgraded.is_set() or len(renewed) < 5:
            replay("renew first")
            renewed.append(1)
            running.set()

    replay("class", "submit first", "claim first", "submit second")
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(renew)
        assert running.wait(60)
        upgrade(settings)
        upgraded.set()
        worker.result(60)
    replay("record first", "claim second and give it back", "submit third", "sweep")
    engine.dispose()

    slot = tasks.Slot.open(settings)
    tasks.grade_queued(slot, lambda _: None)
    with slot.sessions() as session:
        graded = session.scalars(select(Grading).order_by(Grading.queued_at)).all()
        assert [(each.status, each.tries, each.score) for each in graded] == [
            (Status.DONE, 1, 80.0),  # as the version before recorded it
            (Status.DONE, 1, 100.0),
            (Status.DONE, 1, 100.0),
        ]
        for each in graded:
            report, summary = read_report(session, each.id), read_summary(session, each.id)
            assert report is not None
            assert summary is not None
            assert report.score == summary.score == each.score
    slot.close()


def test_the_stored_database_is_migrated_and_its_reports_are_read(old: Settings) -> None:
    before = all_rows(old)
    upgrade(old)
    after = all_rows(old)
    assert {name: len(rows) for name, rows in before.items()}.items() <= {
        name: len(rows) for name, rows in after.items()
    }.items()
    engine = make_engine(old)
    with make_sessions(engine)() as session:
        done = session.scalars(select(Grading).where(Grading.status == Status.DONE)).all()
        assert len(done) == 8
        kept = 0
        for grading in done:
            report, summary = read_report(session, grading.id), read_summary(session, grading.id)
            if report is not None:
                kept += 1
                assert summary is not None
                assert (report.score, summary.score) == (grading.score, grading.score)
        assert kept == 5  # the other reports were removed
    engine.dispose()
