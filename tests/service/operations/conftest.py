"""Installations with and without data, on both databases, and their rows."""

from __future__ import annotations

import io
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.audit.log import record
from service.courses.models import Extension, JoinCode
from service.marks.models import Comment, Regrade, RegradeEntry, Which
from service.operations.archive import Header, Reader
from service.operations.backup import write_backup
from service.operations.portable import encode, kinds, read_tables
from service.operations.restore import restore
from service.people.models import LinkPurpose, OneTimeLink
from service.settings import Settings
from service.store import schema
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.store.schema import migrating, revisions, upgrade
from service.submissions.models import Submission
from tests.service.conftest import make_settings
from tests.support.stored import restore_database

Rows = dict[str, list[list[Any]]]
MakeEmpty = Callable[[str, str], Settings]  # from a database, "sqlite" or "postgresql", and a name
WithOneMore = Callable[[str], Path]  # what `upgrade` does in a migration that follows the last one
STORED_SUBMISSIONS = 7  # of the stored database
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"])


@pytest.fixture
def make_empty(request: pytest.FixtureRequest, tmp_path: Path) -> MakeEmpty:
    """Makes installations without any table; only one of them may be on PostgreSQL."""

    def make(database: str, name: str) -> Settings:
        folder = tmp_path / name
        (folder / "broker").mkdir(parents=True)
        if database == "sqlite":
            return make_settings(folder)
        url = request.getfixturevalue("postgres_url")
        return make_settings(folder, CHAINRULE_DATABASE_URL=url)

    return make


@pytest.fixture
def stored(make_empty: MakeEmpty) -> Settings:
    """An installation with the data of an earlier version, upgraded."""
    made = make_empty("sqlite", "stored")
    restore_database(made.data_dir / "chainrule.db", "0008")
    upgrade(made)
    _fill_newer_tables(made)
    return made


def _fill_newer_tables(settings: Settings) -> None:
    """One row in each table that the earlier version didn't have."""
    engine = make_engine(settings)
    with make_sessions(engine).begin() as session:
        submission = session.scalars(select(Submission).limit(1)).one()
        assignment, student = submission.assignment, submission.student
        regrade = Regrade(assignment_id=assignment.id, which=Which.ALL)
        regrade.entries = [RegradeEntry(grading_id=submission.gradings[0].id)]
        session.add_all(
            [
                regrade,
                Comment(submission_id=submission.id, line=3, text="Why?", author_id=student.id),
                Extension(assignment_id=assignment.id, account_id=student.id, attempt_limit=9),
                JoinCode(course_id=assignment.course_id, code="abc", expires_at=now()),
                OneTimeLink(
                    purpose=LinkPurpose.RESET,
                    account_id=student.id,
                    token_hash="0" * 64,
                    expires_at=now(),
                ),
            ]
        )
        record(session, student.id, "course.changed", before={"time_zone": "UTC"}, after={})
    engine.dispose()


@pytest.fixture
def with_one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WithOneMore:
    """Adds a migration after the last one; the answer is the folder of all."""

    def add(body: str) -> Path:
        own = tmp_path / "migrations"
        shutil.copytree(schema.MIGRATIONS, own)
        (own / "versions" / "next.py").write_text(
            "import os\nimport sqlalchemy as sa\nfrom alembic import op\n"
            f"revision, down_revision = 'next', '{revisions()[0]}'\n"
            f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n"
            "def downgrade():\n    op.drop_column('courses', 'colour')\n"
        )
        monkeypatch.setattr("service.store.schema.MIGRATIONS", own)
        return own

    return add


def back_up(settings: Settings, secret_keys: tuple[str, ...] = ()) -> tuple[Header, bytes]:
    """The header and the bytes of a backup."""
    stream = io.BytesIO()
    header = write_backup(settings, stream, secret_keys=secret_keys, on_progress=ignore)
    return header, stream.getvalue()


def restore_bytes(settings: Settings, backup: bytes, *, replacing: bool = False) -> Path | None:
    """Restore a backup into an installation."""
    reader = Reader(io.BytesIO(backup))
    return restore(settings, reader, replacing=replacing, on_progress=ignore)


def ignore(*_: object) -> None:
    """Nobody wants to see the progress."""


def all_rows(settings: Settings) -> Rows:
    """Every row of every table, in a fixed order."""
    found: Rows = {}
    with migrating(settings) as connection:
        for name, table in read_tables(connection).items():
            of_columns = list(kinds(table).values())
            rows = [
                [encode(kind, value) for kind, value in zip(of_columns, row, strict=True)]
                for row in connection.execute(select(table))
            ]
            found[name] = sorted(rows, key=repr)
    return found
