"""A service on SQLite in a temporary folder, with a real queue and a class in its database."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from http.cookies import SimpleCookie
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from flask import session as cookies
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from service.courses.models import Assignment, Course, Role
from service.people.models import Account
from service.settings import Settings
from service.store.base import Base
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.telemetry import logs
from service.web import app as web_app
from service.web.app import configure, create_app
from service.web.request import EXTENSION, remember
from tests.support import factories
from tests.support.servers import postgres

MakeApp = Callable[[Settings], Flask]
R = TypeVar("R", bound=Base)


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A course with a teacher, an assistant, two students, a stranger, and their tokens."""

    course: Course
    assignment: Assignment
    teacher: Account
    assistant: Account
    ada: Account
    blaise: Account
    stranger: Account
    tokens: dict[str, str]

    def bearer(self, account: Account) -> dict[str, str]:
        """The header with a person's token."""
        return {"Authorization": f"Bearer {self.tokens[account.email]}"}


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with the current schema."""
    folder = tmp_path_factory.mktemp("blank")
    upgrade(make_settings(folder))
    return folder / "chainrule.db"


@pytest.fixture(scope="session")
def with_class(tmp_path_factory: pytest.TempPathFactory, blank: Path) -> tuple[Path, Class]:
    """A database file with a class, and the class. Copying it is quicker than storing a class."""
    folder = tmp_path_factory.mktemp("with_class")
    shutil.copy(blank, folder)
    engine = make_engine(make_settings(folder))
    with make_sessions(engine)() as session:
        stored = make_class(session)
    engine.dispose()
    return folder / "chainrule.db", stored


@pytest.fixture
def settings(tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """A new embedded installation, with a class for tests that use `members`."""
    if "with_class" in request.fixturenames:
        file, _ = request.getfixturevalue("with_class")
    else:
        file = request.getfixturevalue("blank")
    return install(file, tmp_path)


def install(database: Path, folder: Path) -> Settings:
    """Settings for an installation in an empty folder, with a copy of a database file."""
    shutil.copy(database, folder)
    (folder / "broker").mkdir()
    return make_settings(folder)


def make_settings(folder: Path, **environ: str) -> Settings:
    """Settings for an installation in a folder."""
    given = {"CHAINRULE_DATA_DIR": str(folder), "CHAINRULE_SECRET_KEY": "k" * 40}
    return Settings.from_env(given | environ)


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """On a busy machine, many requests that wait for the same lock may take longer than usual."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(web_app, "LOCK_SECONDS", 60)
        yield


@pytest.fixture(autouse=True)
def outside_of_requests() -> None:
    """The test client leaves the id of its last request in this thread."""
    logs.forget()


# Applications that no test uses. Making one costs more than most tests.
_idle: list[Flask] = []


@pytest.fixture
def make_app() -> Iterator[MakeApp]:
    """Makes web applications, whose connections are closed afterwards.

    They have answered requests of other tests, so they accept no new routes.
    """
    made = []

    def make(settings: Settings) -> Flask:
        if _idle:
            made.append(_idle.pop())
            configure(made[-1], settings)
        else:
            made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        app.extensions[EXTENSION].close()
    _idle.extend(made)


@pytest.fixture
def make_new_app() -> Iterator[MakeApp]:
    """Makes web applications to which a test adds routes."""
    made = []

    def make(settings: Settings) -> Flask:
        made.append(create_app(settings))
        return made[-1]

    yield make
    for app in made:
        app.extensions[EXTENSION].close()


@pytest.fixture
def app(make_app: MakeApp, settings: Settings) -> Flask:
    """The web application."""
    return make_app(settings)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client that isn't signed in."""
    return app.test_client()


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """The test's own engine for the service's database."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """The test's own session. Commit, so that the service sees the changes."""
    with make_sessions(engine)() as session:
        yield session


@pytest.fixture
def members(session: Session, with_class: tuple[Path, Class]) -> Class:
    """A class in the database."""
    _, stored = with_class
    found = read_class(session, stored)
    session.commit()  # reading took the writer's lock
    return found


def read_class(session: Session, stored: Class) -> Class:
    """The same class with rows of this session."""
    rows = {each.name: getattr(stored, each.name) for each in fields(stored)}
    tokens = rows.pop("tokens")
    return Class(**{name: read_row(session, row) for name, row in rows.items()}, tokens=tokens)


def read_row(session: Session, row: R) -> R:
    """The same row in another session."""
    return session.get_one(type(row), inspect(row).identity)


def make_class(session: Session) -> Class:
    """Store a class in the database."""
    course = factories.make_course(session, "demo")
    people = {
        role_name: factories.make_account(session, role_name.title(), f"{role_name}@example.edu")
        for role_name in ("teacher", "assistant", "ada", "blaise", "stranger")
    }
    factories.enrol(session, course, people["teacher"], Role.TEACHER)
    factories.enrol(session, course, people["assistant"], Role.ASSISTANT)
    factories.enrol(session, course, people["ada"])
    factories.enrol(session, course, people["blaise"])
    found = Class(
        course=course,
        assignment=factories.make_assignment(session, course, "autograd"),
        tokens={account.email: factories.token_of(session, account) for account in people.values()},
        **people,
    )
    session.commit()
    return found


def submit_source(
    client: FlaskClient,
    members: Class,
    *,
    source: str = factories.SOURCE,
    by: Account | None = None,
    key: str | None = None,
) -> TestResponse:
    """Submit a source as JSON; by Ada, unless `by` names another."""
    headers = Headers(members.bearer(by or members.ada))
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post(
        f"/api/v1/assignments/{members.assignment.slug}/submissions",
        json={"filename": "value.py", "source": source},
        headers=headers,
    )


def signed_in(app: Flask, account: Account) -> FlaskClient:
    """A browser on which a person has signed in."""
    client = app.test_client()
    with app.test_request_context():
        remember(account)
        response = app.response_class()
        app.session_interface.save_session(app, cookies, response)
    (cookie,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    client.set_cookie(cookie.key, cookie.value)
    return client


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server for all tests that need one."""
    with postgres() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A new empty database on PostgreSQL."""
    return _create_database(postgres_server, "template1")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> str:
    """The name of a PostgreSQL database with the current schema. It is only copied."""
    url = _create_database(postgres_server, "template1")
    upgrade(make_settings(tmp_path_factory.mktemp("migrated"), CHAINRULE_DATABASE_URL=url))
    return url.rpartition("/")[2]


@pytest.fixture
def on_postgres(tmp_path: Path, postgres_server: str, migrated: str) -> Settings:
    """An installation with a migrated database on PostgreSQL."""
    (tmp_path / "broker").mkdir()
    url = _create_database(postgres_server, migrated)
    return make_settings(tmp_path, CHAINRULE_DATABASE_URL=url)


def _create_database(server: str, template: str) -> str:
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    engine.dispose()
    return server.removesuffix("/postgres") + f"/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_settings(request: pytest.FixtureRequest) -> Settings:
    """An installation on either database."""
    name = "settings" if request.param == "sqlite" else "on_postgres"
    settings: Settings = request.getfixturevalue(name)
    return settings
