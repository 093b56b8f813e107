"""Extensions over HTTP and on the page: given, changed, listed and removed by teachers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.courses.models import Extension, LatePolicy
from service.store.base import now
from tests.service.conftest import Class, signed_in, submit_source

API = "/api/v1/courses/demo/assignments/autograd/extensions"
PAGE = "/courses/demo/assignments/autograd/extensions"
LATER = "2030-03-01T12:00:00Z"


def put(client: FlaskClient, members: Class, body: dict[str, Any], who: str = "ada") -> Any:
    return client.put(
        f"{API}/{who}@example.edu", json=body, headers=members.bearer(members.teacher)
    )


def test_a_teacher_gives_replaces_lists_and_takes_away_an_extension(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline = now() - timedelta(days=1)
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    headers = members.bearer(members.teacher)
    answer = put(client, members, {"deadline": LATER, "attempt_limit": 5, "reason": " ill "})
    assert answer.status_code == 200
    given = answer.json
    assert {name: given[name] for name in ("email", "name", "deadline", "attempt_limit")} == {
        "email": "ada@example.edu",
        "name": "Ada",
        "deadline": LATER,
        "attempt_limit": 5,
    }
    assert given["reason"] == "ill"
    assert client.get(API, headers=headers).json == {"extensions": [given]}
    assert submit_source(client, members).status_code == 202
    assert put(client, members, {"attempt_limit": 2}).json["deadline"] is None
    assert submit_source(client, members).status_code == 409
    assert client.delete(f"{API}/ADA@example.edu", headers=headers).status_code == 204
    assert client.delete(f"{API}/ada@example.edu", headers=headers).status_code == 404
    assert client.get(API, headers=headers).json == {"extensions": []}


@pytest.mark.parametrize(
    "deadline", ["9999-12-31T23:59:00Z", "0001-01-01T00:00:00+14:00", "0026-03-01T12:00:00Z"]
)
def test_a_deadline_in_a_year_of_no_course_is_rejected(
    app: Flask, client: FlaskClient, members: Class, deadline: str
) -> None:
    answer = put(client, members, {"deadline": deadline})
    assert answer.status_code == 422
    assert "from 1970 to 2999" in answer.json["error"]["fields"]["deadline"]
    form = {"email": "ada@example.edu", "deadline": deadline}
    page = signed_in(app, members.teacher).post(PAGE, data=form)
    assert page.status_code == 422
    assert "from 1970 to 2999" in page.text


def test_each_change_of_an_extension_is_in_the_audit_without_its_text(
    client: FlaskClient, members: Class, session: Session
) -> None:
    put(client, members, {"deadline": LATER, "reason": "ill"})
    put(client, members, {"deadline": LATER, "attempt_limit": 4, "reason": "ill"})
    client.delete(f"{API}/ada@example.edu", headers=members.bearer(members.teacher))
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.course_id == members.course.id)
        .order_by(AuditEntry.happened_at)
    ).all()
    assert [each.action for each in entries] == [
        "extension.set",
        "extension.set",
        "extension.removed",
    ]
    assert {each.account_id for each in entries} == {members.ada.id}
    assert entries[0].after is not None
    assert entries[0].after["deadline"] == LATER
    assert entries[0].after["reason"] == {"characters": 3}
    assert (entries[1].before, entries[1].after) == ({"attempt_limit": None}, {"attempt_limit": 4})
    assert entries[2].after is not None
    assert set(entries[2].after.values()) == {None}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "deadline"),
        ({"deadline": None, "attempt_limit": None}, "deadline"),
        ({"attempt_limit": 0}, "attempt_limit"),
        ({"attempt_limit": 10**9}, "attempt_limit"),
        ({"attempt_limit": 2.5}, "attempt_limit"),
        ({"deadline": "2030-03-01T12:00:00"}, "deadline"),
        ({"attempt_limit": 2, "reason": "x" * 2001}, "reason"),
        ({"attempt_limit": 2, "reason": "\0"}, "reason"),
        ({"attempt_limit": 2, "lateness": 1}, "lateness"),
    ],
)
def test_what_cannot_be_an_extension_is_rejected_at_its_field(
    client: FlaskClient, members: Class, session: Session, body: dict[str, Any], field: str
) -> None:
    answer = put(client, members, body)
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]
    assert session.scalars(select(Extension)).all() == []


@pytest.mark.parametrize("who", ["nobody", "stranger", "teacher"])
def test_only_a_student_of_the_course_can_have_an_extension(
    client: FlaskClient, members: Class, who: str
) -> None:
    answer = put(client, members, {"attempt_limit": 2}, who)
    assert answer.status_code == 404
    assert f"{who}@example.edu" in answer.json["error"]["message"]


def test_a_student_learns_of_no_extension_and_no_reason(
    app: Flask, client: FlaskClient, members: Class
) -> None:
    put(client, members, {"attempt_limit": 2, "reason": "a private reason"})
    assert client.get(API, headers=members.bearer(members.ada)).status_code == 403
    guest = signed_in(app, members.ada)
    assert guest.get(PAGE).status_code == 403
    page = guest.get("/courses/demo/assignments/autograd").text
    assert "a private reason" not in page


def test_the_page_gives_changes_and_removes_an_extension(
    app: Flask, members: Class, session: Session
) -> None:
    members.course.time_zone = "Europe/Berlin"
    members.assignment.deadline = datetime(2030, 1, 1, tzinfo=UTC)
    session.commit()
    guest = signed_in(app, members.teacher)
    assert "No extensions yet" in guest.get(PAGE).text
    typed = {"email": "Ada@example.edu", "deadline": "2030-03-01T13:00", "reason": "ill"}
    assert guest.post(PAGE, data=typed).status_code == 303
    stored = session.scalars(select(Extension)).one()
    assert stored.deadline == datetime(2030, 3, 1, 12, tzinfo=UTC)
    assert (stored.account_id, stored.author_id) == (members.ada.id, members.teacher.id)
    session.commit()
    page = guest.get(f"{PAGE}?student=ada@example.edu").text
    assert 'value="2030-03-01T13:00"' in page
    asked = guest.get(f"{PAGE}/remove?student=ada@example.edu").text
    assert "Remove the extension of Ada?" in asked
    assert guest.post(f"{PAGE}/remove", data={"email": "ada@example.edu"}).status_code == 303
    assert "No extensions yet" in guest.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        (
            {"email": "nobody@example.edu", "attempt_limit": "2"},
            "email",
            "No student of this course",
        ),
        ({"email": "ada@example.edu", "deadline": "soon"}, "deadline", "Give a date and a time"),
        ({"email": "ada@example.edu", "attempt_limit": "two"}, "attempt_limit", "whole number"),
        ({"email": "ada@example.edu"}, "deadline", "Give another deadline"),
    ],
)
def test_a_rejected_form_keeps_what_was_typed_and_says_what_is_wrong_at_the_field(
    app: Flask, members: Class, typed: dict[str, str], field: str, message: str
) -> None:
    answer = signed_in(app, members.teacher).post(PAGE, data=typed | {"reason": "ill"})
    assert answer.status_code in {404, 422}
    assert message in answer.text.partition(f'id="{field}-wrong"')[2][:300]
    assert f'value="{typed["email"]}"' in answer.text
    assert "ill</textarea>" in answer.text


def test_an_assistant_sees_extensions_and_gives_none(
    app: Flask, client: FlaskClient, members: Class
) -> None:
    put(client, members, {"attempt_limit": 2, "reason": "ill"})
    guest = signed_in(app, members.assistant)
    page = guest.get(PAGE).text
    assert "ada@example.edu" in page
    assert "Give an extension" not in page
    typed = {"email": "ada@example.edu", "attempt_limit": "3"}
    assert guest.post(PAGE, data=typed).status_code == 403
