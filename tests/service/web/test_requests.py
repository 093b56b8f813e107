import logging
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from service.settings import Settings
from service.telemetry.metrics import REGISTRY
from tests.service.conftest import Class, MakeApp, submit_source

ROUTE = "/api/v1/assignments/<slug>/submissions"


def test_every_answer_names_its_request(client: FlaskClient) -> None:
    first = client.get("/healthz").headers["X-Request-Id"]
    second = client.get("/nothing/here").headers["X-Request-Id"]
    assert len(first) == len(second) == 16
    assert first != second


def test_only_a_trusted_proxy_chooses_the_id(make_app: MakeApp, settings: Settings) -> None:
    given = {"X-Request-Id": "from-the-proxy.1"}
    alone = make_app(settings).test_client()
    assert alone.get("/healthz", headers=given).headers["X-Request-Id"] != "from-the-proxy.1"
    behind = make_app(replace(settings, trusted_proxies=1)).test_client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == "from-the-proxy.1"
    odd = behind.get("/healthz", headers={"X-Request-Id": "two words"}).headers["X-Request-Id"]
    assert len(odd) == 16


def test_a_request_is_logged_without_its_query_and_the_source(
    client: FlaskClient, members: Class, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        submit_source(client, members, source="secret = 'of the student'")
        client.get("/sign-in%0Afake?next=/hidden")
        client.get("/healthz")
    lines = [entry.getMessage() for entry in caplog.records if "requests" in entry.name]
    assert len(lines) == 2
    assert lines[0].startswith("POST /api/v1/assignments/")
    assert " 202 in " in lines[0]
    assert lines[1].startswith("GET /sign-in%0Afake 404 in ")
    assert "of the student" not in caplog.text
    assert "hidden" not in caplog.text


def test_requests_are_counted_by_the_template_of_their_route(
    client: FlaskClient, members: Class
) -> None:
    def count(**labels: str) -> float:
        return REGISTRY.get_sample_value("chainrule_request_seconds_count", labels) or 0.0

    accepted = {"method": "POST", "route": ROUTE, "status": "202"}
    unknown = {"method": "none", "route": "none", "status": "404"}
    before = count(**accepted), count(**unknown)
    submit_source(client, members)
    client.open("/nothing", method="INVENTED")
    assert (count(**accepted), count(**unknown)) == (before[0] + 1, before[1] + 1)
    assert "INVENTED" not in client.get("/metrics").text
