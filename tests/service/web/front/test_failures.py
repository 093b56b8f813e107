"""What the front answers by itself: with an id, a line in the log, and a place in the metrics."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from service.settings import Settings
from service.web.front.application import Front
from tests.service.conftest import MakeApp
from tests.service.web.front.test_slow_clients import assert_is_logged, count
from tests.support.event_loops import run_apart


def get(front: Front, target: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of an answer, without a server in between."""
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 9),
        "scheme": "http",
        "method": "GET",
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), headers[name].encode()) for name in headers],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    run_apart(front(scope, receive, send))
    start, body = sent
    answered = {name.decode(): value.decode() for name, value in start["headers"]}
    return start["status"], answered, body["body"].decode()


def test_an_address_that_cannot_be_read_is_400(
    app: Flask, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    front, before = Front(app, settings), count(400)
    targets = ("http://[bad/", "http://[::1/link/cr_secret", "a://]/api/v1/keys", "//a/b")
    for target in targets[:3]:
        with caplog.at_level(logging.INFO):
            status, headers, text = get(front, target)
        assert (status, text) == (400, "The request's address can't be read. Check it.")
        assert len(headers["x-request-id"]) == 16
        assert_is_logged(caplog, "GET  400 in ")
        assert "Traceback" not in caplog.text
        caplog.clear()
    assert count(400) == before + 3
    assert get(front, targets[3])[0] == 404


def test_what_fails_outside_of_flask_is_500_with_a_reference(
    app: Flask,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any) -> Any:
        raise TimeoutError("lost")

    monkeypatch.setattr(app, "wsgi_app", fail)
    before = count(500)
    with caplog.at_level(logging.INFO):
        status, headers, text = get(Front(app, settings), "/api/v1/x?secret")
    assert status == 500
    assert count(500) == before + 1
    assert_is_logged(caplog, "GET /api/v1/x 500 in ")
    assert headers["x-request-id"] in json.loads(text)["error"]["message"]
    assert f"error {headers['x-request-id']} " in caplog.text
    assert "TimeoutError: lost" in caplog.text
    assert "?secret" not in caplog.text


def test_no_line_of_a_failure_has_a_secret_in_it(
    app: Flask,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(app, "wsgi_app", None)
    front = Front(app, settings)
    with caplog.at_level(logging.INFO):
        for target in ("/link/cr_secret", "http://here/setup/cr_secret", "//join/cr_secret/x"):
            assert get(front, target)[0] == 500
        assert get(front, "/accounts/ada@example.edu%0Afake")[0] == 500
    lines = [each.getMessage() for each in caplog.records if "ops.requests" in each.name]
    assert len(lines) == 4
    assert not [line for line in lines if "cr_secret" in line or "example" in line]
    assert not [line for line in lines if "\n" in line]


def test_only_a_trusted_proxy_chooses_the_id_of_a_failure(
    make_app: MakeApp, settings: Settings
) -> None:
    given = {"x_request_id": "from-the-proxy.1"}
    for proxies, same in ((0, False), (1, True)):
        chosen = replace(settings, trusted_proxies=proxies)
        front = Front(make_app(chosen), chosen)
        _, headers, _ = get(front, "http://[", **given)
        assert (headers["x-request-id"] == "from-the-proxy.1") is same
