"""`chainrule submit` and the proxy that the environment names."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from service.cli.api_client import Api

NameProxy = Callable[[str], None]


class Telling(BaseHTTPRequestHandler):
    """Answers with the address in the request: a proxy gets the whole URL."""

    def do_GET(self) -> None:
        """Answer with the address."""
        body = json.dumps({"asked": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Print nothing on stderr."""


@pytest.fixture
def port() -> Iterator[int]:
    """The port of a server on this machine."""
    with HTTPServer(("127.0.0.1", 0), Telling) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def name_proxy(monkeypatch: pytest.MonkeyPatch) -> NameProxy:
    """Names a proxy in the environment."""
    for name in ("HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return lambda url: monkeypatch.setenv("http_proxy", url)


@pytest.mark.parametrize(
    "host", ["chainrule.example", "localhost.example", "127.0.0.1.example", "10.0.0.1"]
)
def test_a_service_on_another_machine_is_reached_through_the_proxy(
    port: int, name_proxy: NameProxy, host: str
) -> None:
    name_proxy(f"http://127.0.0.1:{port}")
    answer = Api(f"http://{host}/api/v1", "cr_x").get("/courses")
    assert answer == {"asked": f"http://{host}/api/v1/courses"}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_service_on_this_machine_is_reached_without_the_proxy(
    port: int, name_proxy: NameProxy, host: str
) -> None:
    name_proxy("http://127.0.0.1:9")  # nobody listens there
    answer = Api(f"http://{host}:{port}/api/v1", "cr_x").get("/courses")
    assert answer == {"asked": "/api/v1/courses"}
