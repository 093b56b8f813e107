"""A client that is slow, or says nothing, costs no thread and in the end its connection."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from service.settings import Settings
from service.telemetry.metrics import REGISTRY
from service.web import bodies
from service.web.app import create_app
from service.web.front import application, body, connection
from service.web.ops import requests
from tests.service.web.front.conftest import Open
from tests.support.ports import wait_for
from tests.support.web_server import WebServer, serving

MANY = 200  # far more than threads
HEADER = (
    b"POST /sign-in HTTP/1.1\r\nHost: here\r\nContent-Type: application/x-www-form-urlencoded\r\n"
)
SLOW = {
    "silent": b"",
    "half a request line": b"GET /heal",
    "half a header": b"GET /healthz HTTP/1.1\r\nHost: he",
    "half a body": HEADER + b"Content-Length: 1000\r\n\r\nemail=",
    "no body": HEADER + b"Content-Length: 1000\r\n\r\n",
    "half a chunk": HEADER + b"Transfer-Encoding: chunked\r\n\r\n400\r\nemail=",
}
SHORT = 0.2  # seconds in place of a long deadline


def get(web: WebServer, path: str = "/sign-in") -> int:
    """The status of a GET on a new connection."""
    client = HTTPConnection("127.0.0.1", web.port, timeout=60)
    with contextlib.closing(client):
        client.request("GET", path)
        response = client.getresponse()
        response.read()
        return response.status


def read_all(client: socket.socket) -> bytes:
    """Everything until the server closes."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while chunk := client.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize("kind", SLOW)
def test_pages_answer_while_hundreds_of_connections_are_slow(
    web: WebServer, connect: Open, kind: str
) -> None:
    slow = [connect(SLOW[kind]) for _ in range(MANY)]
    wait_for(lambda: web.connections == MANY, what="all connections")
    for _ in range(3):
        assert get(web) == 200
        for client in slow:
            client.sendall(b"x")  # and now and then a byte more
    assert get(web) == 200
    assert web.connections >= MANY


@pytest.mark.parametrize("kind", ["silent", "half a request line", "half a header"])
def test_a_connection_without_a_whole_header_ends(
    web: WebServer, connect: Open, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", SHORT)
    assert read_all(connect(SLOW[kind])) == b""
    wait_for(lambda: web.connections == 0, what="the server to forget it")


def test_a_byte_now_and_then_does_not_extend_the_time_for_a_header(
    connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", SHORT)
    client = connect(b"GET / HTTP/1.1\r\nX: ")
    client.settimeout(0.01)
    for _ in range(3000):
        try:
            client.sendall(b"x")
            if client.recv(1) == b"":
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return
    raise AssertionError("the connection is still open")


def test_half_a_header_after_a_whole_request_ends_too(
    connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connect(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
    answer = b""
    while not answer.endswith(b'{"status":"alive"}\n'):
        answer += client.recv(65536)
    assert answer.startswith(b"HTTP/1.1 200")
    monkeypatch.setattr(connection, "HEADER_SECONDS", SHORT)
    client.sendall(b"GET /healthz HTTP/1.1\r\n")
    assert read_all(client) == b""


def count(status: int) -> float:
    """How many requests without a route were answered with a status."""
    labels = {"method": "none", "route": "none", "status": str(status)}
    return REGISTRY.get_sample_value("chainrule_request_seconds_count", labels) or 0.0


def assert_is_logged(caplog: pytest.LogCaptureFixture, start: str) -> None:
    """One line of the log on requests begins like this."""
    lines = [each.getMessage() for each in caplog.records if each.name == requests.__name__]
    assert len([line for line in lines if line.startswith(start)]) == 1


@pytest.mark.parametrize("kind", ["half a body", "no body", "half a chunk"])
def test_a_body_that_does_not_arrive_is_408(
    web: WebServer,
    connect: Open,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", SHORT)
    before = count(408)
    with caplog.at_level("INFO"):
        answer = read_all(connect(SLOW[kind]))
    assert count(408) == before + 1
    assert b"\r\nx-request-id: " in answer
    assert_is_logged(caplog, "POST /sign-in 408 in ")
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"\r\ncache-control: no-store\r\n" in answer
    assert answer.endswith(b"Try again with a better connection.")
    wait_for(lambda: web.connections == 0, what="the server to forget it")


def test_the_api_answers_408_as_json(connect: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "BODY_SECONDS", SHORT)
    request = b"POST /api/v1/receipts/verify HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\n"
    answer = json.loads(read_all(connect(request)).partition(b"\r\n\r\n")[2])
    assert answer["error"]["code"] == "timeout"


def test_a_client_that_leaves_in_its_body_is_forgotten(web: WebServer, connect: Open) -> None:
    client = connect(SLOW["half a body"])
    wait_for(lambda: web.connections == 1, what="the connection")
    client.close()
    wait_for(lambda: web.connections == 0, what="the server to forget it")


def test_every_body_that_an_address_accepts_is_read() -> None:
    limits = [each.size for each in vars(bodies).values() if isinstance(each, bodies.Limit)]
    assert max(limits) == body.LARGEST


def test_a_body_that_no_address_accepts_is_not_read(
    connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "REST_SECONDS", SHORT)
    client = connect(HEADER + b"Content-Length: 7000000\r\n\r\n")
    answer = read_all(client)  # ends: nobody reads the rest, and it doesn't come
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("kind", ["with its length", "in chunks"])
def test_after_a_body_that_is_too_large_the_connection_goes_on(connect: Open, kind: str) -> None:
    size = body.LARGEST + 100_000
    client = connect(HEADER)
    if kind == "in chunks":
        client.sendall(b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % size)
    else:
        client.sendall(b"Content-Length: %d\r\n\r\n" % size)
    client.sendall(b"x" * size + (b"\r\n0\r\n\r\n" if kind == "in chunks" else b""))
    client.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"\r\n\r\n" in answer
    assert answer.endswith(b'{"status":"alive"}\n')


def test_silent_clients_with_large_bodies_do_not_shut_others_out(
    web: WebServer, connect: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(body, "BUDGET", 300_000)
    upload = HEADER.replace(b"/sign-in", b"/courses/demo/assignments/autograd/submissions")
    silent = connect(upload + b"Content-Length: 6000000\r\n\r\n" + b"x" * 200_000)
    wait_for(lambda: web.front._bodies._kept == 200_000, what="the first body")
    with caplog.at_level("INFO"):
        late = connect(upload + b"Content-Length: 200000\r\n\r\n" + b"x" * 199_999)
        answer = read_all(silent)
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nretry-after: 5\r\n" in answer
    assert b"\r\nx-request-id: " in answer
    assert_is_logged(caplog, "POST /courses/demo/assignments/autograd/submissions 503 in ")
    late.sendall(b"x")
    assert late.recv(65536).startswith(b"HTTP/1.1 303 ")
    wait_for(lambda: web.front._bodies._kept == 0, what="the memory to be free")


def test_a_client_that_does_not_read_its_answer_is_cut_off(
    web: WebServer, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_SECONDS", SHORT)
    web.app.add_url_rule("/large", "large", lambda: "x" * 30_000_000)
    connect(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_for(lambda: web.connections == 1, what="the connection")
    wait_for(lambda: web.connections == 0, what="the server to cut it off")


def test_a_client_that_reads_on_gets_all_of_a_large_answer(
    web: WebServer, connect: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "WRITE_SECONDS", SHORT)
    monkeypatch.setattr(connection, "WRITE_BYTES", 0)  # any progress counts, on a busy machine
    web.app.add_url_rule("/large", "large", lambda: "x" * 30_000_000)
    client = connect(b"GET /large HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    assert len(read_all(client).partition(b"\r\n\r\n")[2]) == 30_000_000


@pytest.fixture
def busy(settings: Settings) -> Iterator[tuple[WebServer, threading.Event]]:
    """A server with two threads and an address that waits for an event."""
    settings = replace(settings, web_threads=2)
    app, go_on = create_app(settings), threading.Event()
    app.add_url_rule("/wait", "wait", lambda: str(go_on.wait(60)))
    with serving(app, settings) as server:
        yield server, go_on
        go_on.set()


def test_a_request_that_finds_no_thread_for_long_is_503(
    busy: tuple[WebServer, threading.Event],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server, go_on = busy
    taken = [threading.Thread(target=get, args=(server, "/wait")) for _ in range(2)]
    for thread in taken:
        thread.start()
    wait_for(lambda: server.front._free.locked(), what="both threads to be taken")
    monkeypatch.setattr(application, "THREAD_SECONDS", SHORT)
    before = count(503)
    with caplog.at_level("INFO"):
        assert get(server) == 503
    assert count(503) == before + 1
    assert "GET /sign-in 503 in " in caplog.text
    go_on.set()
    for thread in taken:
        thread.join()
    assert get(server) == 200


def test_stopping_does_not_wait_for_idle_and_slow_connections(settings: Settings) -> None:
    idle = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
    with contextlib.ExitStack() as stack:
        with serving(create_app(settings), settings) as web:
            clients = []
            for sent in (*SLOW.values(), idle):
                client = socket.create_connection(("127.0.0.1", web.port), timeout=60)
                clients.append(stack.enter_context(client))
                client.sendall(sent)
            wait_for(lambda: web.connections == len(clients), what="the connections")
        # No body was waited for until its own deadline, which would be a 408.
        assert not any(b" 408 " in read_all(client) for client in clients)
