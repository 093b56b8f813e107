"""What every operation of the API does before and after its view."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.errors.validation import MAX_FIELDS
from service.web.bodies import SMALL, SOURCE
from tests.service.conftest import Class
from tests.support import factories

SUBMISSIONS = "/api/v1/assignments/autograd/submissions"
VERIFY = "/api/v1/receipts/verify"


def error(response: Any) -> tuple[int, str, dict[str, str]]:
    """Status, code and fields."""
    return response.status_code, response.json["error"]["code"], response.json["error"]["fields"]


def test_a_body_of_exactly_16_kb_is_accepted_and_one_byte_more_is_413(
    client: FlaskClient, members: Class
) -> None:
    headers = members.bearer(members.ada)
    text = json.dumps({"receipt": ""})
    receipt = "x" * (SMALL.size - len(text))
    assert client.post(VERIFY, json={"receipt": receipt}, headers=headers).status_code == 200
    response = client.post(VERIFY, json={"receipt": receipt + "x"}, headers=headers)
    assert error(response) == (413, "too_large", {})
    assert "16 KB" in response.text


def test_a_source_may_be_larger_and_its_message_names_the_limits(
    client: FlaskClient, members: Class
) -> None:
    headers = members.bearer(members.ada)
    response = client.post(SUBMISSIONS, json={"x": "x" * SOURCE.size}, headers=headers)
    assert error(response) == (413, "too_large", {})
    assert "256 KB" in response.text


def test_a_body_of_many_unknown_keys_gets_one_short_answer(
    client: FlaskClient, members: Class
) -> None:
    count = SOURCE.values - 1
    body = {f"key{number}": 1 for number in range(count)}
    response = client.post(SUBMISSIONS, json=body, headers=members.bearer(members.ada))
    assert error(response) == (
        422,
        "invalid",
        {"body": f"{count:,} fields are wrong, or aren't accepted here."},
    )


def test_a_few_unknown_keys_are_named(client: FlaskClient, members: Class) -> None:
    body: dict[str, Any] = {"filename": "value.py", "source": "a"}
    body |= {f"key{number}": 1 for number in range(MAX_FIELDS)}
    response = client.post(SUBMISSIONS, json=body, headers=members.bearer(members.ada))
    status, _, fields = error(response)
    assert status == 422
    assert fields["key0"] == "`key0` isn't accepted here."
    assert len(fields) == MAX_FIELDS


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=0", "`limit` must be at least 1."),
        ("limit=501", "`limit` must be at most 500."),
        ("limit=many", "`limit` must be a whole number."),
    ],
)
def test_a_wrong_query_parameter_is_422_and_says_what_is_accepted(
    client: FlaskClient, members: Class, query: str, message: str
) -> None:
    response = client.get(f"{SUBMISSIONS}?{query}", headers=members.bearer(members.ada))
    assert error(response) == (422, "invalid", {"limit": message})


@pytest.mark.parametrize(
    ("method", "address", "body", "message"),
    [
        ("GET", "grades.csv?format=x", None, "must be one of 'plain', 'moodle' or 'canvas'."),
        ("GET", "archive.zip?build=x", None, "`build` must be an id."),
        ("POST", "roster", {}, "`body` must be a JSON list."),
        ("POST", "invitations", {"join_code": True, "expires_at": "soon"}, "a date and a time"),
        ("PATCH", "assignments/autograd", {"deadline": "2027-02-30T18:00:00Z"}, "a date and a"),
        ("PATCH", "assignments/autograd", {"deadline": True}, "a date and a time, such as 2027"),
    ],
)
def test_a_value_of_another_kind_is_explained_in_plain_words(
    client: FlaskClient, members: Class, method: str, address: str, body: Any, message: str
) -> None:
    response = client.open(
        f"/api/v1/courses/demo/{address}",
        method=method,
        json=body,
        headers=members.bearer(members.teacher),
    )
    assert response.status_code == 422
    assert message in response.get_json()["error"]["message"]
    assert "Input should" not in response.text


def test_nobody_learns_what_is_wrong_with_a_request_before_signing_in(client: FlaskClient) -> None:
    for response in (
        client.post(VERIFY, data="{", content_type="application/json"),
        client.post(VERIFY, json={"receipt": "x" * SMALL.size}),
        client.get(f"{SUBMISSIONS}?limit=0"),
    ):
        assert error(response) == (401, "unauthorized", {})


def test_an_assignment_is_at_its_short_and_its_long_address(
    client: FlaskClient, members: Class, session: Session
) -> None:
    factories.make_course(session, "other")
    session.commit()
    headers = members.bearer(members.ada)
    short = client.get("/api/v1/assignments/autograd", headers=headers)
    long = client.get("/api/v1/courses/demo/assignments/autograd", headers=headers)
    assert short.status_code == 200
    assert long.json == short.json
    elsewhere = client.get("/api/v1/courses/other/assignments/autograd", headers=headers)
    assert error(elsewhere) == (404, "not_found", {})
