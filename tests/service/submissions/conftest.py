"""A queued submission, one that is graded, and databases for tests of gradings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.settings import Settings
from service.store.database import make_engine
from service.submissions.models import Submission
from tests.service.conftest import Class
from tests.service.submissions.grading_database import Database
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

REPORT = make_report(
    make_suite("worked-example", make_case("all"), title="Worked example", points=20.0),
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT)),
)


@pytest.fixture
def queued(members: Class, session: Session) -> Submission:
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    return submission


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission


@pytest.fixture
def database(settings: Settings, engine: Engine) -> Database:
    """A class in a database on SQLite."""
    return Database.of(settings, engine)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A class in a database on SQLite, and on PostgreSQL."""
    name = "settings" if request.param == "sqlite" else "on_postgres"
    settings: Settings = request.getfixturevalue(name)
    engine = make_engine(settings)
    yield Database.of(settings, engine)
    engine.dispose()


def error_of(response: TestResponse) -> tuple[int, str]:
    assert response.json is not None
    error = response.json["error"]
    assert error["message"]
    return response.status_code, error["code"]
