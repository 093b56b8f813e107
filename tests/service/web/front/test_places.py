"""A process has so many connections and no more. Clients who say nothing make room for others."""

from __future__ import annotations

import resource
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.settings import Settings
from service.web.app import create_app
from service.web.front import places
from tests.service.web.front.conftest import Open
from tests.service.web.front.test_slow_clients import SLOW, get, read_all
from tests.support.ports import wait_for
from tests.support.web_server import WebServer, serving

MOST = 4
ASK = b"GET /wait HTTP/1.1\r\nHost: here\r\n\r\n"


@pytest.fixture
def go_on() -> Iterator[threading.Event]:
    """Lets requests for /wait go on."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def web(
    settings: Settings, go_on: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebServer]:
    """A server with few places and one thread."""
    monkeypatch.setattr(places, "MOST", MOST)
    settings = replace(settings, web_threads=1)
    app = create_app(settings)
    app.add_url_rule("/wait", "wait", lambda: str(go_on.wait(60)))
    with serving(app, settings) as server:
        yield server
        go_on.set()


def test_however_many_connections_are_slow_others_are_answered(
    web: WebServer, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    slow = [connect(sent) for sent in [*SLOW.values()] * 5 * MOST]
    assert get(web, "/healthz") == 200
    wait_for(lambda: web.connections <= MOST, what="the others to be gone")
    assert read_all(slow[0]) == b""  # the oldest
    assert [record.name for record in caplog.records].count(places.__name__) == 1


@pytest.mark.parametrize("header", [b"", b"Connection: close\r\n"])
def test_a_client_that_does_not_read_its_answer_makes_room(
    web: WebServer, connect: Open, header: bytes
) -> None:
    web.app.add_url_rule("/large", "large", lambda: "x" * 12_000_000)
    for _ in range(MOST):
        connect(b"GET /large HTTP/1.1\r\nHost: here\r\n" + header + b"\r\n")
    owing = web.server.lifespan.state[places.PLACES]._owing
    wait_for(lambda: len(owing) == MOST, what="all answers to wait for their clients")
    assert get(web, "/healthz") == 200


def test_when_every_place_has_a_request_a_new_one_is_503_and_none_is_lost(
    web: WebServer, connect: Open, go_on: threading.Event
) -> None:
    asked = [connect(ASK) for _ in range(MOST)]
    owing = web.server.lifespan.state[places.PLACES]._owing
    wait_for(lambda: web.connections == MOST and not owing, what="all requests to be there")
    refused = read_all(connect(b"GET /api/v1/account HTTP/1.1\r\nHost: here\r\n\r\n"))
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 5\r\n" in refused
    assert b'"code": "unavailable"' in refused
    assert b"\r\nx-request-id: " in refused
    go_on.set()
    assert all(client.recv(20).startswith(b"HTTP/1.1 200 ") for client in asked)
    assert get(web, "/healthz") == 200


@pytest.mark.usefixtures("web")
def test_a_request_after_an_answer_keeps_its_place(connect: Open) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    regular = connect(request)

    def read_answer(client: socket.socket) -> None:
        answer = b""
        while not answer.endswith(b'{"status":"alive"}\n'):
            answer += client.recv(65536)

    for _ in range(3):
        read_answer(regular)
        for _ in range(MOST - 1):
            connect()
        regular.sendall(request)
    read_answer(regular)


def test_the_places_fit_into_the_limit_of_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = [256, 1024]

    def raise_limit(_: int, new: tuple[int, int]) -> None:
        limit[:] = new

    monkeypatch.setattr(resource, "getrlimit", lambda _: tuple(limit))
    monkeypatch.setattr(resource, "setrlimit", raise_limit)
    assert places.allow_connections() == 1024 - places.OTHER_FILES
    assert limit == [1024, 1024]
    limit[:] = [256, resource.RLIM_INFINITY]
    assert places.allow_connections() == places.MOST
