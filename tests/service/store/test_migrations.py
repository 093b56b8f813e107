import json
import shutil
import textwrap
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import JSON, Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateSchema

from service.settings import Settings
from service.store.base import Base
from service.store.database import make_engine
from service.store.schema import migrating, migrations, upgrade, write_migration
from service.submissions.stored_reports import pack
from tests.service.conftest import make_settings
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json
from worker.report.model import Problem, ProblemKind, Verdict

MIGRATIONS = Path(__file__).parents[3] / "migrations"
HEAD = ScriptDirectory(str(MIGRATIONS)).get_current_head()  # raises if there are two


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An installation with an empty database."""
    if request.param == "sqlite":
        return make_settings(tmp_path)
    url = request.getfixturevalue("postgres_url")
    return make_settings(tmp_path, CHAINRULE_DATABASE_URL=url)


def run(settings: Settings, what: Callable[[Connection], None]) -> None:
    with migrating(settings) as connection:
        what(connection)


def tables(settings: Settings) -> set[str]:
    found: set[str] = set()
    run(settings, lambda connection: found.update(inspect(connection).get_table_names()))
    return found


def test_upgrade_creates_the_tables_of_the_models_and_downgrade_removes_them(
    empty: Settings,
) -> None:
    upgrade(empty)
    assert tables(empty) == set(Base.metadata.tables) | {"alembic_version"}
    run(empty, lambda connection: command.check(migrations(connection)))
    run(empty, lambda connection: command.downgrade(migrations(connection), "base"))
    assert tables(empty) == {"alembic_version"}
    upgrade(empty)
    assert tables(empty) == set(Base.metadata.tables) | {"alembic_version"}


def test_migrations_at_once_run_one_after_another(empty: Settings) -> None:
    begun = threading.Event()

    def migrate() -> None:
        run(empty, lambda _: begun.set())

    with ThreadPoolExecutor(1) as pool:
        with migrating(empty):
            other = pool.submit(migrate)
            assert not begun.wait(0.5)
        other.result(20)
    assert begun.is_set()


def test_a_second_upgrade_changes_nothing(empty: Settings) -> None:
    upgrade(empty)
    upgrade(empty)

    def at_head(connection: Connection) -> None:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD

    run(empty, at_head)


def test_an_older_assignment_keeps_its_suites_and_gets_a_seed(empty: Settings) -> None:
    run(empty, lambda connection: command.upgrade(migrations(connection), "0001"))
    run(empty, _fill_as_before)
    upgrade(empty)

    def compare(connection: Connection) -> None:
        (found,) = connection.execute(text("SELECT * FROM assignments")).mappings()
        assert 0 < found["seed"] < 2**31
        assert not found["draw_per_student"]
        assert "require_double" not in found or not found["require_double"]
        assert found["class_name"] is None
        assert connection.scalar(text("SELECT count(*) FROM assignment_suites")) == 1

    run(empty, compare)
    run(empty, lambda connection: command.downgrade(migrations(connection), "0001"))
    run(empty, lambda connection: command.upgrade(migrations(connection), "0002"))
    run(empty, compare)


def _fill_as_before(connection: Connection) -> None:
    course, assignment, moment = uuid.uuid4().hex, uuid.uuid4().hex, "2026-01-01 00:00:00"
    connection.exec_driver_sql(
        "INSERT INTO courses (id, slug, title, created_at) "
        f"VALUES ('{course}', 'ml', 'ML', '{moment}')"
    )
    connection.exec_driver_sql(
        "INSERT INTO assignments (id, course_id, slug, title, description, late_policy, created_at)"
        f" VALUES ('{assignment}', '{course}', 'engine', 'Engine', '', 'accept', '{moment}')"
    )
    connection.exec_driver_sql(
        "INSERT INTO assignment_suites (assignment_id, suite, weight, position) "
        f"VALUES ('{assignment}', 'rules', 80, 0)"
    )


@pytest.fixture
def with_one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Adds a migration with this body after the last one."""

    def add(body: str) -> None:
        own = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, own, ignore=shutil.ignore_patterns("__pycache__"))
        (last,) = ScriptDirectory(str(own)).get_heads()
        (own / "versions" / "next.py").write_text(
            f"from alembic import op\nrevision, down_revision = 'next', '{last}'\n"
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
        )

        def there(connection: Connection) -> Config:
            config = migrations(connection)
            config.set_main_option("script_location", str(own))
            return config

        monkeypatch.setattr("service.store.schema.migrations", there)

    return add


def test_rows_that_refer_to_a_recreated_table_stay(
    empty: Settings, with_one_more: Callable[[str], None]
) -> None:
    upgrade(empty)
    run(empty, _fill_as_before)
    with_one_more(
        """
        with op.batch_alter_table("assignments") as assignments:
            assignments.alter_column("title", nullable=True)
        """
    )
    upgrade(empty)

    def look(connection: Connection) -> None:
        assert MigrationContext.configure(connection).get_current_revision() == "next"
        assert connection.scalar(text("SELECT count(*) FROM assignment_suites")) == 1

    run(empty, look)


def test_a_migration_with_dangling_references_is_rolled_back(
    empty: Settings, with_one_more: Callable[[str], None]
) -> None:
    upgrade(empty)
    run(empty, _fill_as_before)
    with_one_more('op.execute("DELETE FROM courses")')
    with pytest.raises((RuntimeError, IntegrityError), match="assignments"):
        upgrade(empty)

    def look(connection: Connection) -> None:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD
        assert connection.scalar(text("SELECT count(*) FROM courses")) == 1

    run(empty, look)


def test_older_gradings_get_their_tallies_in_batches(empty: Settings) -> None:
    run(empty, lambda connection: command.upgrade(migrations(connection), "0002"))
    run(empty, _fill_with_reports)
    upgrade(empty)

    def compare(connection: Connection) -> None:
        query = text("SELECT status, ordinal, tally FROM gradings").columns(tally=JSON)
        rows = connection.execute(query).all()
        assert len(rows) == 45
        for status, ordinal, tally in rows:
            expected = {"rules": {f"case{ordinal}": None}} if status == "done" else None
            assert tally == expected

    run(empty, compare)
    run(empty, lambda connection: command.downgrade(migrations(connection), "0002"))
    run(empty, lambda connection: command.upgrade(migrations(connection), "0003"))
    run(empty, compare)


def _fill_with_reports(connection: Connection) -> None:
    """Gradings of more than two batches, every seventh without a report."""
    given = _fill_with_a_submission(connection)
    for ordinal in range(1, 46):
        report = make_report(make_suite("rules", make_case(f"case{ordinal}")))
        row: dict[str, object] = {"status": "errored", "report": None, "score": None}
        if ordinal % 7:
            row = {"status": "done", "report": json.dumps(to_json(report)), "score": 80.0}
        connection.execute(
            text(
                "INSERT INTO gradings (id, submission_id, ordinal, status, tries, seed, queued_at, "
                "enqueued_at, report, score) VALUES (:id, :submission, :ordinal, :status, 1, 7, "
                ":moment, :moment, :report, :score)"
            ),
            given | row | {"id": uuid.uuid4().hex, "ordinal": ordinal},
        )


def _fill_with_a_submission(connection: Connection) -> dict[str, str]:
    """A submission without gradings: its id, and other values of its row."""
    _fill_as_before(connection)
    given = {name: uuid.uuid4().hex for name in ("student", "submission")}
    given |= {
        "assignment": str(connection.scalar(text("SELECT id FROM assignments"))),
        "moment": "2026-01-01 00:00:00",
    }
    connection.execute(
        text(
            "INSERT INTO accounts (id, email, name, student_number, created_at) "
            "VALUES (:student, 'ada@example.edu', 'Ada', '', :moment)"
        ),
        given,
    )
    connection.execute(
        text(
            "INSERT INTO submissions (id, assignment_id, student_id, attempt, filename, source, "
            "sha256, submitted_at) "
            "VALUES (:submission, :assignment, :student, 1, 'value.py', '', '', :moment)"
        ),
        given,
    )
    return given


def test_older_gradings_get_their_problems_in_batches(empty: Settings) -> None:
    run(empty, lambda connection: command.upgrade(migrations(connection), "0006"))
    run(empty, _fill_with_problems)
    upgrade(empty)

    def compare(connection: Connection) -> None:
        rows = connection.execute(text("SELECT ordinal, problem FROM gradings")).all()
        assert len(rows) == 120
        for ordinal, problem in rows:
            assert problem == (None if ordinal % 3 else "no_class")

    run(empty, compare)
    run(empty, lambda connection: command.downgrade(migrations(connection), "0006"))
    upgrade(empty)
    run(empty, compare)


def _fill_with_problems(connection: Connection) -> None:
    """Reports in their own table and in the row of the grading; every third has a problem."""
    given = _fill_with_a_submission(connection)
    problem = Problem(kind=ProblemKind.NO_CLASS, message="There is no class.")
    suite = make_suite("rules", make_case("sum", Verdict.ERROR))
    for ordinal in range(1, 121):
        report = make_report(suite, problem=None if ordinal % 3 else problem)
        in_row = json.dumps(to_json(report)) if ordinal % 2 else None
        grading_id = uuid.uuid4().hex
        connection.execute(
            text(
                "INSERT INTO gradings (id, submission_id, ordinal, status, tries, seed, queued_at, "
                "enqueued_at, report, score) VALUES (:id, :submission, :ordinal, 'done', 1, 7, "
                ":moment, :moment, :report, 0.0)"
            ),
            given | {"id": grading_id, "ordinal": ordinal, "report": in_row},
        )
        if in_row is None:
            packed = pack(report)
            connection.execute(
                text("INSERT INTO reports (grading_id, summary, report) VALUES (:id, :s, :r)"),
                {"id": grading_id, "s": packed.summary, "r": packed.report},
            )


def constraints(engine: Engine, schema: str | None = None) -> dict[str, object]:
    """Every constraint of a database, by table."""
    inspector = inspect(engine)
    return {
        table: (
            sorted(
                (each["name"] or "", each["sqltext"])
                for each in inspector.get_check_constraints(table, schema)
            ),
            sorted(each["name"] or "" for each in inspector.get_unique_constraints(table, schema)),
            sorted(
                (each["name"] or "", tuple(each["constrained_columns"]), str(each["options"]))
                for each in inspector.get_foreign_keys(table, schema)
            ),
            sorted(each["name"] or "" for each in inspector.get_indexes(table, schema)),
            [
                (each["name"], str(each["type"]), each["nullable"])
                for each in inspector.get_columns(table, schema)
            ],
        )
        for table in Base.metadata.tables
    }


def test_migrated_tables_enforce_what_the_models_say_on_sqlite(tmp_path: Path) -> None:
    settings = make_settings(tmp_path)
    upgrade(settings)
    migrated, made = make_engine(settings), create_engine("sqlite://")
    Base.metadata.create_all(made)
    assert constraints(migrated) == constraints(made)
    migrated.dispose()
    made.dispose()


def test_migrated_tables_enforce_what_the_models_say_on_postgresql(
    tmp_path: Path, postgres_url: str
) -> None:
    settings = make_settings(tmp_path, CHAINRULE_DATABASE_URL=postgres_url)
    upgrade(settings)
    engine = make_engine(settings)
    with engine.begin() as connection:
        connection.execute(CreateSchema("made"))
        connection.execute(text("SET search_path TO made"))
        Base.metadata.create_all(connection)
    assert constraints(engine) == constraints(engine, "made")
    engine.dispose()


def test_a_new_migration_is_written_from_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, scripts)
    monkeypatch.setattr("service.store.schema.MIGRATIONS", scripts)
    settings = make_settings(tmp_path)
    upgrade(settings)
    written = write_migration(settings, "Nothing yet")
    assert written.parent == scripts / "versions"
    assert "pass" in written.read_text()  # the tables are those of the models: nothing to do


def test_migrations_run_only_on_the_connection_of_the_service() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with pytest.raises(CommandError, match="chainrule db upgrade"):
        command.upgrade(config, "head")


def test_older_gradings_get_their_student_and_course(empty: Settings) -> None:
    run(empty, lambda connection: command.upgrade(migrations(connection), "0008"))
    run(empty, _fill_with_a_queued_grading)
    upgrade(empty)

    def compare(connection: Connection) -> None:
        expected = connection.execute(
            text(
                "SELECT submissions.student_id, assignments.course_id "
                "FROM submissions JOIN assignments ON assignments.id = submissions.assignment_id"
            )
        ).one()
        query = text("SELECT student_id, course_id, interruptions, cpu_seconds FROM gradings")
        assert connection.execute(query).all() == [(*expected, 0, None)]

    run(empty, compare)
    run(empty, lambda connection: command.downgrade(migrations(connection), "0008"))
    assert "slots" not in tables(empty)
    upgrade(empty)
    run(empty, compare)


def _fill_with_a_queued_grading(connection: Connection) -> None:
    given = _fill_with_a_submission(connection)
    connection.execute(
        text(
            "INSERT INTO gradings (id, submission_id, ordinal, status, tries, seed, queued_at, "
            "enqueued_at) VALUES (:id, :submission, 1, 'queued', 0, 7, :moment, :moment)"
        ),
        given | {"id": uuid.uuid4().hex},
    )
