"""Pages a second while other requests wait or other connections say nothing."""

from __future__ import annotations

import contextlib
import shutil
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy.orm import Session

from service.courses.models import Role
from service.store.database import make_engine, make_sessions
from service.store.schema import upgrade
from service.submissions.waiting import PER_ACCOUNT
from service.web.app import create_app
from tests.service.conftest import Class, make_class, make_settings
from tests.support import factories
from tests.support.ports import wait_for
from tests.support.web_server import WebServer, serving

ROUNDS, PAGES = 7, 60
WAITING, SILENT = 100, 200
HALF = (b"", b"GET / HT", b"POST /sign-in HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n")


def measure() -> dict[str, float]:
    """Medians of rounds that take turns, of a list that reads the database."""
    folder = Path(tempfile.mkdtemp())
    settings = make_settings(folder)
    upgrade(settings)
    (folder / "broker").mkdir(exist_ok=True)
    engine = make_engine(settings)
    alone, waiting, silent = list[float](), list[float](), list[float]()
    try:
        with make_sessions(engine)() as session:
            members = make_class(session)
            asked = _make_waiting(session, members)
            with serving(create_app(settings), settings) as web:
                for _ in range(ROUNDS):
                    alone.append(_pages_per_second(web, members))
                    with _connections(web, asked):
                        wait_for(lambda: web.waits.waiting == WAITING, what="all to wait")
                        waiting.append(_pages_per_second(web, members))
                    wait_for(lambda: web.waits.waiting == 0, what="nobody to wait")
                    with _connections(web, [HALF[i % len(HALF)] for i in range(SILENT)]):
                        silent.append(_pages_per_second(web, members))
    finally:
        engine.dispose()
        shutil.rmtree(folder)
    base = statistics.median(alone)
    return {
        "pages a second, one client": base,
        f"the same with {WAITING} waiting requests, ratio (target 0.8)": statistics.median(waiting)
        / base,
        f"the same with {SILENT} silent connections, ratio (target 0.8)": statistics.median(silent)
        / base,
    }


def _make_waiting(session: Session, members: Class) -> list[bytes]:
    """Requests that wait for a submission that is never graded."""
    submission = factories.make_submission(session, members.assignment, members.ada)
    tokens = []
    for _ in range(WAITING // PER_ACCOUNT):
        account = factories.make_account(session)
        factories.enrol(session, members.course, account, Role.TEACHER)
        tokens.append(factories.token_of(session, account))
    session.commit()
    return [
        f"GET /api/v1/submissions/{submission.id}?wait=30 HTTP/1.1\r\nHost: here\r\n"
        f"Authorization: Bearer {token}\r\n\r\n".encode()
        for token in tokens * PER_ACCOUNT
    ]


@contextlib.contextmanager
def _connections(web: WebServer, sent: list[bytes]) -> Iterator[None]:
    """Connections that have sent something and are open during the block."""
    with contextlib.ExitStack() as stack:
        for first in sent:
            client = stack.enter_context(socket.create_connection(("127.0.0.1", web.port)))
            client.sendall(first)
        yield


def _pages_per_second(web: WebServer, members: Class) -> float:
    headers = members.bearer(members.ada)
    address = f"/api/v1/assignments/{members.assignment.slug}/submissions"
    client = HTTPConnection("127.0.0.1", web.port, timeout=60)
    with contextlib.closing(client):
        began = time.perf_counter()
        for _ in range(PAGES):
            client.request("GET", address, headers=headers)
            response = client.getresponse()
            response.read()
            assert response.status == 200
        return PAGES / (time.perf_counter() - began)
