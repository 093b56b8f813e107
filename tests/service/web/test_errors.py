import logging
import re
import uuid
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.courses.models import JoinCode
from service.errors import Conflict, ServiceError, TooLarge, Unavailable
from service.settings import Settings
from service.store.base import now
from service.web.request import db_session
from tests.service.conftest import Class, MakeApp, signed_in


@pytest.fixture
def faulty(make_new_app: MakeApp, settings: Settings) -> FlaskClient:
    """An application with views that fail in every way, as pages and under /api/."""
    app = make_new_app(settings)

    def reject() -> str:
        raise Conflict("Closed since Monday.", code="closed", fields={"file": "no"})

    def fail() -> str:
        raise RuntimeError("the secret inside")

    for prefix in ("", "/api"):
        app.add_url_rule(f"{prefix}/reject", f"{prefix}reject", reject)
        app.add_url_rule(f"{prefix}/fail", f"{prefix}fail", fail)
    return app.test_client()


def test_programs_get_one_json_shape(faulty: FlaskClient) -> None:
    response = faulty.get("/api/reject")
    assert response.status_code == 409
    assert response.json == {
        "error": {"code": "closed", "message": "Closed since Monday.", "fields": {"file": "no"}}
    }
    assert faulty.get("/reject", headers={"Accept": "application/json"}).json == response.json


def test_people_get_a_page(faulty: FlaskClient) -> None:
    response = faulty.get("/reject", headers={"Accept": "text/html"})
    assert response.status_code == 409
    assert response.mimetype == "text/html"
    assert "Closed since Monday." in response.text


@pytest.mark.parametrize("path", ["/api/fail", "/fail"])
def test_an_internal_error_shows_a_reference_and_is_logged_in_full(
    faulty: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.ERROR):
        response = faulty.get(path)
    assert response.status_code == 500
    assert "secret inside" not in response.text
    assert "Traceback" not in response.text
    reference = re.search(r"reference: ([0-9a-f]{12})", response.text)
    assert reference is not None
    assert reference[1] in caplog.text
    assert "the secret inside" in caplog.text


def test_an_address_that_does_not_exist_is_404_in_our_shape(client: FlaskClient) -> None:
    response = client.get("/api/v1/nothing")
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["code"] == "not_found"
    assert client.get("/nothing").mimetype == "text/html"


def test_a_person_is_sent_to_the_sign_in_page_and_a_program_gets_401(client: FlaskClient) -> None:
    person = client.get("/courses?x=1", headers={"Accept": "text/html"})
    assert (person.status_code, person.location) == (303, "/sign-in?next=%2Fcourses%3Fx%3D1")
    assert client.get("/").location == "/sign-in"
    head = client.head("/courses/demo/assignments/autograd", headers={"Accept": "text/html"})
    assert head.location == "/sign-in?next=%2Fcourses%2Fdemo%2Fassignments%2Fautograd"
    form = client.post("/courses/demo/assignments/autograd/close", headers={"Accept": "text/html"})
    assert form.location == "/sign-in?next=%2Fcourses%2Fdemo%2Fassignments%2Fautograd"
    program = client.get("/courses", headers={"Accept": "application/json"})
    assert program.status_code == 401
    assert program.json is not None
    assert program.json["error"]["code"] == "unauthorized"


def test_an_address_that_does_not_exist_says_what_to_do_next(client: FlaskClient) -> None:
    assert "start from your courses" in client.get("/nothing").text
    assert "/api/v1/openapi.json" in client.get("/api/v1/nothing").text


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/courses/demo/assignments/autograd/submissions", "/courses/demo/assignments/autograd"),
        ("/courses/demo/assignments/autograd/close", "/courses/demo/assignments/autograd"),
        (f"/submissions/{uuid.UUID(int=1)}/override", f"/submissions/{uuid.UUID(int=1)}"),
        ("/sign-out", "/"),
    ],
)
def test_opening_the_address_of_a_form_leads_to_its_page(
    app: Flask, members: Class, address: str, page: str
) -> None:
    person = signed_in(app, members.ada).get(address, headers={"Accept": "text/html"})
    assert (person.status_code, person.location) == (303, page)
    stranger = app.test_client().get(address, headers={"Accept": "text/html"})
    assert stranger.status_code == 405
    assert "This address accepts POST, not GET. Go to the page" in stranger.text


def test_a_wrong_method_is_405_and_names_the_right_ones(client: FlaskClient) -> None:
    response = client.delete("/api/v1/courses")
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    assert response.json is not None
    assert response.json["error"]["code"] == "method_not_allowed"
    assert response.get_json()["error"]["message"] == (
        "This address accepts GET and POST, not DELETE. "
        "See /api/v1/openapi.json for what each does."
    )


def test_a_redirect_of_the_framework_stays_one(make_new_app: MakeApp, settings: Settings) -> None:
    app = make_new_app(settings)
    app.add_url_rule("/folder/", "folder", lambda: "")
    assert app.test_client().get("/folder").status_code == 308


def test_a_page_says_when_the_database_does_not_answer(
    make_app: MakeApp, settings: Settings
) -> None:
    away = make_app(replace(settings, database_url="sqlite:////nowhere/at/all.db"))
    browser = away.test_client()
    with browser.session_transaction() as cookie:
        cookie.update(dict.fromkeys(("account", "session", "stamp"), uuid.UUID(int=0).hex))
    response = browser.get("/")
    assert response.status_code == 503
    assert response.mimetype == "text/html"
    assert "database doesn&#39;t answer" in response.text


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/api/v1/nothing", "/nothing", "/api/v1/keys"):
        headers = client.get(path).headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"


def test_a_browser_may_cache_static_files(client: FlaskClient) -> None:
    with client.get("/static/base.css") as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] != "no-store"


def test_behind_a_trusted_proxy_the_forwarded_address_counts(
    make_new_app: MakeApp,
    settings: Settings,
) -> None:
    from flask import request

    def address(app: Flask) -> str:
        app.add_url_rule("/address", "address", lambda: str(request.remote_addr))
        headers = {"X-Forwarded-For": "192.0.2.7"}
        return app.test_client().get("/address", headers=headers).text

    assert address(make_new_app(settings)) == "127.0.0.1"
    assert address(make_new_app(replace(settings, trusted_proxies=1))) == "192.0.2.7"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ServiceError("x"), 500, "internal_error"),
        (TooLarge("x"), 413, "too_large"),
        (Unavailable("x"), 503, "unavailable"),
    ],
)
def test_an_error_has_a_status_and_a_code(error: ServiceError, status: int, code: str) -> None:
    assert (error.status, error.code, error.message, error.fields) == (status, code, "x", {})


def test_what_belongs_to_something_deleted_meanwhile_is_rejected(
    make_new_app: MakeApp, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_new_app(settings)

    def add() -> str:
        db_session().add(JoinCode(course_id=uuid.uuid4(), code="x", expires_at=now()))
        db_session().commit()
        return "stored"

    app.add_url_rule("/api/add", "add", add, methods=["POST"])
    response = app.test_client().post("/api/add")
    assert response.status_code == 404
    assert response.get_json()["error"]["message"].startswith("This was deleted a moment ago.")
    assert "Traceback" not in caplog.text
