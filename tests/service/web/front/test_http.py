"""What HTTP allows besides a plain GET, on the real server, and what of it reaches Flask."""

from __future__ import annotations

import functools
import json
import socket
from typing import Any

import pytest
from flask import Flask, request

from service.web.forwarded import ForwardedHeaders
from tests.service.web.front.conftest import Open
from tests.service.web.test_forwarded import WRONG
from tests.support.ports import wait_for
from tests.support.web_server import WebServer

END = b"Connection: close\r\n\r\n"
NAMES = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host")


@pytest.fixture
def echo(web: WebServer) -> WebServer:
    """A server whose `/echo` answers with what Flask sees."""

    def view(**_: str) -> dict[str, Any]:
        names = ("PATH_INFO", "SCRIPT_NAME", "QUERY_STRING", "REMOTE_ADDR", "wsgi.url_scheme")
        return {
            "method": request.method,
            "headers": dict(request.headers),
            "body": request.get_data(as_text=True),
            **{name: request.environ[name] for name in names},
        }

    rules = web.app.add_url_rule
    rules("/echo", "echo", view, methods=["GET", "POST"])
    rules("/<path:rest>", "echo_any", view, methods=["GET"])
    return web


def ask(connect: Open, request_: bytes) -> tuple[bytes, Any]:
    """The header and the JSON of the only answer."""
    client, received = connect(request_), b""
    while chunk := client.recv(65536):
        received += chunk
    header, _, answer = received.partition(b"\r\n\r\n")
    return header, json.loads(answer) if answer else None


@pytest.mark.usefixtures("echo")
def test_pipelined_requests_are_answered_in_their_order(connect: Open) -> None:
    client = connect(
        b"GET /echo?1 HTTP/1.1\r\nHost: here\r\n\r\n"
        b"POST /echo?2 HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\nhi"
        b"GET /echo?3 HTTP/1.1\r\nHost: here\r\n" + END
    )
    received = b""
    while chunk := client.recv(65536):
        received += chunk
    answers = [json.loads(part.split(b"\n", 1)[0]) for part in received.split(b"\r\n\r\n")[1:]]
    assert [answer["QUERY_STRING"] for answer in answers] == ["1", "2", "3"]
    assert answers[1]["body"] == "hi"


@pytest.mark.usefixtures("echo")
def test_a_client_that_expects_100_continue_gets_it(connect: Open) -> None:
    client = connect(
        b"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\nExpect: 100-continue\r\n" + END
    )
    assert client.recv(65536).startswith(b"HTTP/1.1 100 ")
    client.sendall(b"hi")
    received = b""
    while chunk := client.recv(65536):
        received += chunk
    assert b'"body":"hi"' in received


@pytest.mark.usefixtures("echo")
def test_a_chunked_body_arrives_whole(connect: Open) -> None:
    chunks = b"2\r\nhi\r\n6\r\n there\r\n0\r\n\r\n"
    _, seen = ask(
        connect,
        b"POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n" + END + chunks,
    )
    assert seen["body"] == "hi there"


@pytest.mark.usefixtures("echo")
def test_head_has_the_length_and_no_body(connect: Open) -> None:
    header, nothing = ask(connect, b"HEAD /healthz HTTP/1.1\r\nHost: here\r\n" + END)
    assert b"\r\ncontent-length: 19" in header
    assert nothing is None


@pytest.mark.usefixtures("echo")
def test_http_1_0_is_answered(connect: Open) -> None:
    _, seen = ask(connect, b"GET /echo HTTP/1.0\r\n\r\n")
    assert seen["method"] == "GET"


@pytest.mark.usefixtures("echo")
def test_a_whole_address_in_the_request_line_is_its_path(connect: Open) -> None:
    _, seen = ask(connect, b"GET http://here/echo?x=1 HTTP/1.1\r\nHost: here\r\n" + END)
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/echo", "x=1")


@pytest.mark.usefixtures("echo")
def test_a_path_is_decoded_as_wsgi_wants_it(connect: Open) -> None:
    paths = {b"/a%20b": "/a b", b"/%C3%A9": "/Ã©", b"/%ff": "/ÿ", b"/a%2Fb": "/a/b"}
    for sent, seen in paths.items():
        _, answer = ask(connect, b"GET " + sent + b" HTTP/1.1\r\nHost: here\r\n" + END)
        assert answer["PATH_INFO"] == seen


@pytest.mark.usefixtures("echo")
def test_no_header_of_a_client_changes_the_address_or_looks_like_another(connect: Open) -> None:
    _, seen = ask(
        connect,
        b"GET /echo HTTP/1.1\r\nHost: here\r\nScript-Name: /evil\r\nSCRIPT_NAME: /evil\r\n"
        b"X-Thing: ours\r\nX_Thing: evil\r\nX-Forwarded-For: 6.6.6.6\r\n"
        b"X-Forwarded-Proto: https\r\nPath-Info: /evil\r\nRemote-Addr: 6.6.6.6\r\n" + END,
    )
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"]) == ("", "/echo")
    assert (seen["REMOTE_ADDR"], seen["wsgi.url_scheme"]) == ("127.0.0.1", "http")
    assert seen["headers"]["X-Thing"] == "ours"


@pytest.mark.usefixtures("echo")
def test_headers_that_come_twice_are_joined(connect: Open) -> None:
    _, seen = ask(
        connect,
        b"GET /echo HTTP/1.1\r\nHost: here\r\nCookie: a=1\r\nCookie: b=2\r\n"
        b"X-Thing: 1\r\nX-Thing: 2\r\n" + END,
    )
    assert seen["headers"]["Cookie"] == "a=1; b=2"
    assert seen["headers"]["X-Thing"] == "1,2"


@pytest.mark.usefixtures("echo")
def test_wrong_headers_of_proxies_are_ignored(web: WebServer, connect: Open) -> None:
    client, plain = connect(), None
    for proxies in (0, 1, 2):
        application = functools.partial(Flask.wsgi_app, web.app)
        web.app.wsgi_app = ForwardedHeaders(application, proxies)  # type: ignore[method-assign]
        for value in WRONG:
            headers = "".join(f"{name}: {value}\r\n" for name in NAMES)
            client.sendall(f"GET /echo HTTP/1.1\r\nHost: here\r\n{headers}\r\n".encode("latin-1"))
            received = b""
            while not received.endswith(b"}\n"):
                part = client.recv(65536)
                assert part, received
                received += part
            seen = json.loads(received.partition(b"\r\n\r\n")[2])
            del seen["headers"]
            plain = plain or seen
            assert seen == plain, (proxies, value)


def test_what_is_not_http_is_400(connect: Open) -> None:
    long = b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000
    for sent in (b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n", long):
        assert connect(sent).recv(65536).startswith(b"HTTP/1.1 400 ")


def test_answers_name_no_server(connect: Open) -> None:
    header, _ = ask(connect, b"GET /healthz HTTP/1.1\r\nHost: here\r\n" + END)
    assert b"\r\nserver:" not in header.lower()
    assert b"\r\ndate: " in header


def test_the_parts_of_an_answer_do_not_wait_for_each_other(web: WebServer, connect: Open) -> None:
    connect()
    wait_for(lambda: web.connections == 1, what="the connection")
    (connection,) = web.server.server_state.connections
    server_side = connection.transport.get_extra_info("socket")
    assert server_side.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
