"""Headers of reverse proxies are believed only from those that the settings trust."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any

import pytest
from flask import Flask, request
from werkzeug.test import create_environ, run_wsgi_app

from service.settings import Settings
from tests.service.conftest import MakeApp
from tests.support.ports import free_port, wait_for

FORGED = {
    "SCRIPT_NAME": "/evil",
    "Script-Name": "/evil",
    "PATH_INFO": "/evil",
    "Path-Info": "/evil",
    "X-Script-Name": "/evil",
    "Remote-User": "ada@example.edu",
    "Forwarded": "for=192.0.2.7;proto=https;host=evil.example",
    "X-Forwarded-For": "192.0.2.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Scheme": "https",
    "X-Forwarded-Ssl": "on",
    "X-Real-Ip": "192.0.2.7",
    "Front-End-Https": "on",
}
WRONG = [
    "",
    " ",
    ",",
    ",,,,",
    "\xff",
    "x" * 4_000,
    "evil.example/../",
    "http://evil.example",
    "[",
    "[::1",
    "::1]:99999999",
    "javascript:alert(1)",
    "a b",
    "'\"<>",
    "1" * 400,
    "%0d%0aX: y",
]


def look(app: Flask) -> None:
    """Add a page that says where the application believes that it is."""
    app.add_url_rule(
        "/where",
        "where",
        lambda: {"url": request.url, "root": request.script_root, "from": request.remote_addr},
    )


def where(app: Flask, **environ: str) -> Any:
    """The answer of that page to a request with this environment."""
    return app.test_client().get("/where", environ_overrides=environ).json


PLAIN = {"url": "http://localhost/where", "root": "", "from": "127.0.0.1"}


def test_without_a_trusted_proxy_nothing_is_believed(
    make_new_app: MakeApp, settings: Settings
) -> None:
    app = make_new_app(settings)
    look(app)
    for name, value in FORGED.items():
        assert where(app, **{f"HTTP_{name.replace('-', '_').upper()}": value}) == PLAIN, name


def test_what_a_server_believed_is_undone(make_new_app: MakeApp, settings: Settings) -> None:
    app = make_new_app(settings)
    look(app)
    believed = {"SCRIPT_NAME": "/where", "PATH_INFO": "", "wsgi.url_scheme": "https"}
    assert where(app, **believed) == PLAIN


def test_one_trusted_proxy_says_who_asks_and_by_which_address(
    make_new_app: MakeApp, settings: Settings
) -> None:
    app = make_new_app(replace(settings, trusted_proxies=1))
    look(app)
    answer = where(
        app,
        HTTP_X_FORWARDED_FOR="evil, 203.0.113.9, 192.0.2.7",
        HTTP_X_FORWARDED_PROTO="javascript, https",
        HTTP_X_FORWARDED_HOST="evil.example/, chainrule.example.edu:8443",
        HTTP_X_FORWARDED_PREFIX="/evil",
        HTTP_X_FORWARDED_PORT="81",
    )
    assert answer == {
        "url": "https://chainrule.example.edu:8443/where",
        "root": "",
        "from": "192.0.2.7",
    }


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_a_wrong_value_is_ignored(make_new_app: MakeApp, settings: Settings, proxies: int) -> None:
    app = make_new_app(replace(settings, trusted_proxies=proxies))
    look(app)
    client = app.test_client()
    names = [f"HTTP_{name.replace('-', '_').upper()}" for name in FORGED]
    for value in WRONG:
        assert where(app, **dict.fromkeys(names, value)) == PLAIN, value
        for name in [*names, "HTTP_HOST", "REMOTE_ADDR"]:
            for method, path in (("GET", "/healthz"), ("POST", "/api/v1/receipts/verify")):
                answer = client.open(path, method=method, environ_overrides={name: value})
                assert answer.status_code < 500, (name, value, path)


def test_a_wrong_address_is_not_who_asks(make_new_app: MakeApp, settings: Settings) -> None:
    app = make_new_app(replace(settings, trusted_proxies=1))
    look(app)
    for value in ("192.0.2.999", "None", "192.0.2.7:80", "192.0.2.7, x"):
        assert where(app, HTTP_X_FORWARDED_FOR=value) == PLAIN


@pytest.mark.parametrize(
    "host",
    ["chainrule.example.edu", "localhost:65535", "[::1]:8000", "127.0.0.1", "web_1.", "x" * 63],
)
def test_a_host_name_is_accepted(app: Flask, host: str) -> None:
    assert app.test_client().get("/healthz", headers={"Host": host}).status_code == 200


WRONG_HOSTS = [
    "x" * 64, "a." * 131, "a b", "a/b", "[::1", "a:b", "a@b", "\xff", "a:65536", "[::1]:99999",
    "[::::]", "[.]", "[:]", "[1.2.3.4]", "[FFFFF::]", "[::ffff:999.1.1.1]", "[0:0:0:0:0:0:0:0:0]",
]  # fmt: skip


def test_a_wrong_host_is_400_on_pages_and_in_the_api(app: Flask) -> None:
    for host in WRONG_HOSTS:
        for path in ("/sign-in", "/api//v1/keys", "/nothing", "/static/base.css", "/healthz"):
            environ = create_environ(path)
            environ["HTTP_HOST"] = host
            # A client of Flask's would parse the host itself.
            parts, status, _ = run_wsgi_app(app, environ)
            assert status.startswith("400 "), (host, path)
            assert b"Host" in b"".join(parts)


def test_a_wrong_forwarded_host_is_ignored_where_an_address_is_made(
    make_app: MakeApp, settings: Settings
) -> None:
    client = make_app(replace(settings, trusted_proxies=1)).test_client()
    for host in WRONG_HOSTS:
        answer = client.get(
            "/api//v1/keys", environ_overrides={"HTTP_X_FORWARDED_HOST": host}
        )  # is redirected to its whole address
        assert answer.status_code == 308, host
        assert answer.headers["Location"].startswith(("/api/", "http://localhost/api/")), host


@pytest.fixture
def port(settings: Settings) -> Iterator[int]:
    """A real web process, which listens on this port of the loopback."""
    port = free_port()
    environ = os.environ | {
        "CHAINRULE_DATA_DIR": str(settings.data_dir),
        "CHAINRULE_SECRET_KEY": settings.secret_key,
        "CHAINRULE_PORT": str(port),
    }
    command = [sys.executable, "-m", "service.cli", "serve"]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: status(port, {}, "/healthz") == 200, seconds=60, what="the web process")
        yield port
    finally:
        process.terminate()
        process.wait(20)


def status(port: int, headers: dict[str, str], path: str = "/") -> int:
    """The status of an answer; 0 if there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        assert answer.getheader("Location", "/sign-in") == "/sign-in"
        return answer.status
    except OSError:
        return 0
    finally:
        connection.close()


def test_the_real_server_believes_no_header_from_the_loopback(port: int) -> None:
    plain = status(port, {})
    assert plain == 303
    for name, value in FORGED.items():
        # A server may also reject a name with an underscore.
        assert status(port, {name: value}) in {plain, 400}, name
