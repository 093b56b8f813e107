"""A class, and the real server, on either database."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.submissions import notices
from service.web.app import create_app
from tests.service.conftest import Class, make_class
from tests.support.web_server import WebServer, serving

Open = Callable[..., socket.socket]


@dataclass(frozen=True, slots=True)
class Site:
    """A running server, the test's own session, and a class."""

    server: WebServer
    session: Session
    members: Class


@pytest.fixture
def site(database_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The server on either database. Only notices wake its waiting requests."""
    monkeypatch.setattr(notices, "SLOW", float("inf"))
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
        with serving(create_app(database_settings), database_settings) as server:
            yield Site(server, session, members)
    engine.dispose()


@pytest.fixture
def web(settings: Settings) -> Iterator[WebServer]:
    """The server on an empty SQLite database."""
    with serving(create_app(settings), settings) as server:
        yield server


@pytest.fixture
def connect(web: WebServer) -> Iterator[Open]:
    """Opens connections, sends their first bytes, and closes them at the end."""
    opened: list[socket.socket] = []

    def open_one(sent: bytes = b"") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", web.port), timeout=30)
        opened.append(connection)
        connection.sendall(sent)
        return connection

    yield open_one
    for connection in opened:
        connection.close()
