"""Assignments over HTTP: create, read and change them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.service.conftest import Class
from tests.support import factories

NEW = "/api/v1/courses/demo/assignments"
LONG = f"{NEW}/autograd"
SHORT = "/api/v1/assignments/autograd"
EVERYTHING: dict[str, Any] = {
    "slug": "next",
    "title": "Next",
    "description": "Read *this*.",
    "suites": [{"name": "rules", "points": 80.0}, {"name": "random", "points": 0.0}],
    "opens_at": "2099-02-01T08:00:00Z",
    "deadline": "2099-03-01T18:00:00Z",
    "late_policy": {"kind": "percent_per_day", "percent": 10.0, "floor": 50.0, "grace_minutes": 5},
    "attempt_limit": 3,
    "pause_minutes": 10,
    "attempt_that_counts": "latest",
    "feedback": "nothing_until_deadline",
    "hold_marks": True,
    "require_double": True,
    "names": {"class_name": "Scalar", "data": None, "grad": None, "backward": None},
    "draw_per_student": True,
}


def fields(response: Any) -> dict[str, Any]:
    found: dict[str, Any] = response.json["error"]["fields"]
    return found


def test_a_teacher_creates_an_assignment_with_every_option(
    client: FlaskClient, members: Class
) -> None:
    headers = members.bearer(members.teacher)
    created = client.post(NEW, json=EVERYTHING, headers=headers)
    assert created.status_code == 201
    assert created.location == f"{NEW}/next"
    read = client.get(created.location, headers=headers)
    assert read.json == created.json
    assert read.json is not None
    assert read.json | EVERYTHING == read.json
    assert read.headers["ETag"] == created.headers["ETag"] == '"1"'
    assert read.json["version"] == 1


def test_what_is_read_can_be_sent_back(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    before = client.get(LONG, headers=headers).json or {}
    only_read = {"course", "closed", "your_deadline", "attempts_left", "max_score", "version"}
    body = {name: value for name, value in before.items() if name not in only_read}
    answer = client.patch(LONG, json=body, headers=headers)
    assert (answer.status_code, answer.json) == (200, before)


def test_suites_may_be_a_map_and_a_date_may_have_any_offset(
    client: FlaskClient, members: Class
) -> None:
    body = {
        "suites": {"reuse": 30, "rules": 7.5},
        "deadline": "2099-03-01T18:00:00+05:30",
        "late_policy": "refuse",
    }
    answer = client.patch(SHORT, json=body, headers=members.bearer(members.teacher)).json or {}
    assert answer["suites"] == [
        {"name": "reuse", "points": 30.0},
        {"name": "rules", "points": 7.5},
    ]
    assert answer["deadline"] == "2099-03-01T12:30:00Z"
    assert (answer["late_policy"], answer["max_score"]) == ("refuse", 37.5)


def test_a_stale_change_is_refused_with_both_values(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    etag = client.get(LONG, headers=headers).headers["ETag"]
    for_version = headers | {"If-Match": etag}
    first = client.patch(LONG, json={"title": "First"}, headers=for_version)
    assert first.status_code == 200
    assert first.headers["ETag"] != etag
    body = {"title": "Second", "attempt_limit": 5}
    stale = client.patch(SHORT, json=body, headers=for_version)
    assert stale.status_code == 412
    assert (stale.json or {})["error"]["code"] == "changed_meanwhile"
    assert fields(stale) == {
        "title": {"yours": "Second", "theirs": "First"},
        "attempt_limit": {"yours": 5, "theirs": None},
    }
    assert stale.headers["ETag"] == first.headers["ETag"]
    assert (client.get(LONG, headers=headers).json or {})["title"] == "First"
    same = client.patch(LONG, json={"title": "First"}, headers=for_version)
    assert (same.status_code, fields(same)) == (412, {})
    assert "stored already" in (same.json or {})["error"]["message"]
    # Without the header the last write wins.
    assert client.patch(LONG, json=body, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [("*", 200), ('"1"', 200), ('W/"1"', 200), ('"1:gzip"', 200), ('"2"', 412), ("1", 412)],
)
def test_the_header_is_read_as_clients_and_proxies_send_it(
    client: FlaskClient, members: Class, sent: str, status: int
) -> None:
    headers = members.bearer(members.teacher) | {"If-Match": sent}
    assert client.patch(LONG, json={"title": "Next"}, headers=headers).status_code == status


def test_an_assignment_can_move_to_another_address(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    assert client.post(NEW, json=EVERYTHING, headers=headers).status_code == 201
    assert client.patch(LONG, json={"slug": "next"}, headers=headers).status_code == 409
    assert client.patch(LONG, json={"slug": "No"}, headers=headers).status_code == 422
    moved = client.patch(LONG, json={"slug": "engine"}, headers=headers)
    assert (moved.json or {})["slug"] == "engine"
    assert client.get(LONG, headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("body", "field", "message"),
    [
        ({"feedback": "nothing_until_deadline"}, "feedback", "Set a deadline"),
        ({"feedback": "loud"}, "feedback", "must be one of"),
        ({"late_policy": "never"}, "late_policy", "`accept`, `refuse`"),
        ({"late_policy": {"kind": "percent_per_day"}}, "late_policy.percent", "how many percent"),
        ({"deadline": "2099-03-01T18:00:00"}, "deadline", "needs its time zone"),
        ({"deadline": "0001-01-01T00:00:00+14:00"}, "deadline", "year from 1970"),
        ({"suites": {"none": 1}}, "suites", "There is no suite 'none'"),
        ({"suites": [["rules", 1]]}, "suites", "`name` and `points`"),
        ({"names": {"grad": "def"}}, "names", "valid Python name"),
        ({"names": None}, "names", "must be a JSON object"),
        ({"title": ""}, "title", "title is empty"),
        ({"color": "red"}, "color", "isn't accepted"),
    ],
)
def test_what_cannot_be_stored_is_explained_at_its_field(
    client: FlaskClient, members: Class, body: dict[str, Any], field: str, message: str
) -> None:
    headers = members.bearer(members.teacher)
    for answer in (
        client.patch(LONG, json=body, headers=headers),
        client.post(NEW, json={"slug": "next", "title": "Next"} | body, headers=headers),
    ):
        assert answer.status_code == 422
        assert message in fields(answer)[field]


def test_a_long_task_text_is_accepted(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    text = "x" * 50_000
    answer = client.patch(LONG, json={"description": text}, headers=headers)
    assert (answer.json or {})["description"] == text
    larger = client.patch(LONG, json={"description": "x" * 131_072}, headers=headers)
    assert larger.status_code == 413


def test_only_teachers_of_the_course_may(
    client: FlaskClient, members: Class, session: Session
) -> None:
    factories.make_course(session, "other")
    session.commit()
    for person, status in (
        (members.ada, 403),
        (members.assistant, 403),
        (members.stranger, 404),
    ):
        headers = members.bearer(person)
        assert client.post(NEW, json=EVERYTHING, headers=headers).status_code == status
        assert client.patch(LONG, json={"title": "A"}, headers=headers).status_code == status
    elsewhere = "/api/v1/courses/other/assignments"
    answer = client.post(elsewhere, json=EVERYTHING, headers=members.bearer(members.teacher))
    assert answer.status_code == 404


def test_before_an_assignment_opens_students_see_that_it_will_but_not_the_task(
    client: FlaskClient, members: Class
) -> None:
    teacher = members.bearer(members.teacher)
    body = {"opens_at": "2099-01-01T00:00:00Z", "description": "Secret", "names": {"grad": "g"}}
    assert client.patch(LONG, json=body, headers=teacher).status_code == 200
    seen = client.get(LONG, headers=members.bearer(members.ada)).json or {}
    assert seen["opens_at"] == "2099-01-01T00:00:00Z"
    assert (seen["description"], seen["suites"], seen["names"]["grad"]) == ("", [], None)
    assert client.patch(LONG, json={"opens_at": None}, headers=teacher).status_code == 200
    seen = client.get(LONG, headers=members.bearer(members.ada)).json or {}
    assert (seen["description"], seen["names"]["grad"]) == ("Secret", "g")
