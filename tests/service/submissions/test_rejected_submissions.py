"""Submissions that are rejected: bad bodies, addresses, moments and too many."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.courses.models import LatePolicy
from service.settings import Settings
from service.store.base import now
from service.web.request import EXTENSION
from tests.service.conftest import Class, MakeApp, submit_source
from tests.service.submissions.conftest import error_of
from tests.support import factories
from tests.support.sql_statements import plan, queries


def test_a_missing_file_is_422(client: FlaskClient, members: Class) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        data={"something": "else"},
        content_type="multipart/form-data",
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (422, "invalid")


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_content_type_is_415(client: FlaskClient, members: Class, mimetype: str) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        data=b"class Value: ...",
        content_type=mimetype,
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "body", ["", "{", '{"filename": "\\ud800", "source": "a"}', "[" * 100_000, '"\xff"']
)
def test_broken_json_is_400(client: FlaskClient, members: Class, body: str) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        data=body.encode("latin-1"),
        content_type="application/json",
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (400, "invalid_json")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filename": "value.py"}, "source"),
        ({"filename": 7, "source": "a"}, "filename"),
        ({"filename": "value.py", "source": None}, "source"),
        ({"filename": "value.py", "source": "a", "extra": 1}, "extra"),
        ([], "body"),
    ],
)
def test_json_of_the_wrong_types_is_422_and_names_the_field(
    client: FlaskClient, members: Class, body: Any, field: str
) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions", json=body, headers=members.bearer(members.ada)
    )
    assert error_of(response) == (422, "invalid")
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {field}


@pytest.mark.parametrize("extra", [{"k" * 100_000: 1}, {f"k{number}": 1 for number in range(9000)}])
def test_an_error_is_short_whatever_the_body_has(
    client: FlaskClient, members: Class, extra: dict[str, int]
) -> None:
    response = client.post(
        "/api/v1/assignments/autograd/submissions",
        json={"filename": "value.py", "source": "a"} | extra,
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (422, "invalid")
    assert len(response.data) < 1000


@pytest.mark.parametrize("slug", ["nothing-of-the-kind", "a%00b", "%ff", "a" * 5000])
def test_an_unknown_assignment_is_404(client: FlaskClient, members: Class, slug: str) -> None:
    response = client.post(
        f"/api/v1/assignments/{slug}/submissions",
        json={"filename": "value.py", "source": "a"},
        headers=members.bearer(members.ada),
    )
    assert error_of(response) == (404, "not_found")


def test_an_assignment_is_404_for_people_who_are_not_enrolled(
    client: FlaskClient, members: Class
) -> None:
    assert error_of(submit_source(client, members, by=members.stranger)) == (404, "not_found")


def test_a_submission_to_a_closed_assignment_is_409_and_says_when_it_closed(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline = now() - timedelta(days=5)  # late submissions were accepted anyway
    members.assignment.closed_at = closed_at = now() - timedelta(days=2)
    members.course.time_zone = "Asia/Kolkata"
    session.commit()
    response = submit_source(client, members)
    assert error_of(response) == (409, "closed")
    assert response.json is not None
    there = closed_at.astimezone(ZoneInfo("Asia/Kolkata"))
    assert f"{there:%Y-%m-%d at %H:%M} IST" in response.json["error"]["message"]


def test_after_the_deadline_it_depends_on_the_late_policy(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline = now() - timedelta(minutes=1)
    session.commit()
    assert submit_source(client, members).status_code == 202
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    assert error_of(submit_source(client, members)) == (409, "closed")


def test_too_many_submissions_in_a_minute_are_429_with_the_time_to_wait(
    make_app: MakeApp, members: Class, session: Session, settings: Settings
) -> None:
    client = make_app(replace(settings, submissions_per_minute=2)).test_client()
    moment = now() - timedelta(seconds=5)
    for attempt in (1, 2):
        factories.make_submission(
            session, members.assignment, members.ada, attempt=attempt, submitted_at=moment
        )
    session.commit()
    response = submit_source(client, members)
    assert error_of(response) == (429, "too_many_requests")
    assert 1 <= int(response.headers["Retry-After"]) <= 55
    assert submit_source(client, members, by=members.blaise).status_code == 202


def test_submissions_from_before_the_clock_was_set_back_lock_nobody_out(
    make_app: MakeApp, members: Class, session: Session, settings: Settings
) -> None:
    client = make_app(replace(settings, submissions_per_minute=2)).test_client()
    for attempt in (1, 2):
        factories.make_submission(
            session,
            members.assignment,
            members.ada,
            attempt=attempt,
            submitted_at=now() + timedelta(hours=1),
        )
    session.commit()
    assert [submit_source(client, members).status_code for _ in range(3)] == [202, 202, 429]


def test_submissions_that_a_fast_clock_dated_count_too(
    make_app: MakeApp, members: Class, session: Session, settings: Settings
) -> None:
    client = make_app(replace(settings, submissions_per_minute=1)).test_client()
    moment = now() + timedelta(seconds=30)
    factories.make_submission(session, members.assignment, members.ada, submitted_at=moment)
    session.commit()
    response = submit_source(client, members)
    assert error_of(response) == (429, "too_many_requests")
    assert 60 <= int(response.headers["Retry-After"]) <= 90


def test_submissions_of_the_last_minute_are_found_by_an_index(
    app: Flask, client: FlaskClient, members: Class, engine: Engine
) -> None:
    with queries(app.extensions[EXTENSION].engine) as seen:
        assert submit_source(client, members).status_code == 202
    (asked,) = [query for query in seen if "submitted_at >" in query.text]
    (step,) = plan(engine, asked)
    assert "ix_submissions_student_id_submitted_at" in step
