"""Links, codes and resets, on pages and over HTTP."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.join_codes import create_join_code
from service.courses.models import Enrolment
from service.people.accounts import account_by_email
from service.people.throttle import PER_GUESSER
from service.store.base import now
from tests.service.conftest import Class, signed_in

INVITATIONS = "/api/v1/courses/demo/invitations"
NEW = "new@example.edu"
PASSWORD = "a new long password"


@pytest.fixture
def code(session: Session, members: Class) -> str:
    """A valid join code."""
    expires_at = now() + timedelta(days=1)
    return create_join_code(session, members.teacher, members.course, expires_at=expires_at).code


def post(client: FlaskClient, members: Class, address: str, body: Any = None) -> Any:
    return client.post(address, json=body, headers=members.bearer(members.teacher))


def invited_link(client: FlaskClient, members: Class) -> str:
    """The path of a new person's link."""
    (link,) = post(client, members, INVITATIONS, {"emails": [NEW]}).json["links"]
    assert link["url"].startswith("http://localhost/link/")
    return str(link["url"]).removeprefix("http://localhost")


def test_an_invited_person_sets_a_password_and_is_signed_in(
    client: FlaskClient, members: Class
) -> None:
    path = invited_link(client, members)
    page = client.get(path).text
    assert "Welcome" in page
    assert NEW in page
    weak = client.post(path, data={"name": "New Person", "password": "short"})
    assert (weak.status_code, "too short" in weak.text, "New Person" in weak.text) == (
        422,
        True,
        True,
    )
    done = client.post(path, data={"name": "New Person", "password": PASSWORD})
    assert (done.status_code, done.location) == (303, "/")
    assert "New Person" in client.get("/courses/demo").text
    used = client.get(path)
    assert used.status_code == 404
    assert used.text.partition("<main")[2] == client.get("/link/x").text.partition("<main")[2]


def test_signing_in_by_a_link_replaces_who_was_signed_in(
    app: Flask, client: FlaskClient, members: Class
) -> None:
    browser = signed_in(app, members.ada)
    browser.post(invited_link(client, members), data={"password": PASSWORD})
    assert NEW in browser.get("/account").text


def test_wrong_links_and_codes_are_throttled(client: FlaskClient) -> None:
    statuses = [client.get(f"/link/{number}").status_code for number in range(PER_GUESSER.amount)]
    assert set(statuses) == {404}
    for path in ("/link/x", "/setup/x", "/join/x"):
        answer = client.get(path)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    assert client.post("/join", data={"code": "x"}).status_code == 429


def test_no_secret_of_a_link_is_in_the_log(
    client: FlaskClient, members: Class, caplog: pytest.LogCaptureFixture
) -> None:
    path = invited_link(client, members)
    with caplog.at_level(logging.DEBUG):
        client.get(path)
    assert "/link/<secret>" in caplog.text.replace("%3C", "<").replace("%3E", ">")
    assert path.removeprefix("/link/") not in caplog.text


@pytest.mark.parametrize("path", ["/link", "/setup", "/join", "/LINK", "/api/v1/join"])
def test_no_secret_is_in_the_log_if_its_address_leads_nowhere(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(f"{path}/hush/more")
        client.delete(f"{path}/hush")
        client.get("/courses/demo/people/ada@example.edu")
    assert f"{path}/%3Csecret%3E" in caplog.text
    assert "hush" not in caplog.text
    assert "/courses/demo/people/%3Cemail%3E" in caplog.text


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"emails": []},
        {"emails": ["nobody"]},
        {"emails": [7]},
        {"emails": [NEW], "join_code": True},
        {"join_code": True},
        {"join_code": True, "expires_at": "2020-01-01T00:00:00Z"},
        {"join_code": True, "expires_at": "2999-01-01T00:00:00Z"},
        {"join_code": True, "expires_at": "2027-01-01T00:00:00"},
        {"join_code": True, "expires_at": "soon"},
        {"more": 1},
    ],
)
def test_bad_invitations_are_rejected(client: FlaskClient, members: Class, body: Any) -> None:
    assert post(client, members, INVITATIONS, body).status_code == 422


def test_a_join_code_is_made_used_listed_and_revoked(client: FlaskClient, members: Class) -> None:
    expires_at = (now() + timedelta(days=3)).isoformat()
    made = post(client, members, INVITATIONS, {"join_code": True, "expires_at": expires_at})
    assert made.status_code == 201
    assert made.json["url"] == f"http://localhost/join/{made.json['code']}"
    stranger, teacher = members.bearer(members.stranger), members.bearer(members.teacher)
    joined = client.post("/api/v1/join", json={"code": made.json["code"]}, headers=stranger)
    assert joined.json == {"course": "demo"}
    assert client.get("/api/v1/courses/demo/roster", headers=stranger).status_code == 403
    listed: Any = client.get(INVITATIONS, headers=teacher).json
    assert [each["code"] for each in listed["join_codes"]] == [made.json["code"]]
    address = f"{INVITATIONS}/{made.json['id']}"
    assert client.delete(address, headers=teacher).status_code == 204
    assert client.delete(address, headers=teacher).status_code == 404
    late = client.post("/api/v1/join", json={"code": made.json["code"]}, headers=stranger)
    assert late.status_code == 404


def test_a_code_is_typed_in_any_case_and_leads_to_its_page(client: FlaskClient, code: str) -> None:
    wrong = client.post("/join", data={"code": "<wrong>"})
    assert (wrong.status_code, "&lt;wrong&gt;" in wrong.text) == (404, True)
    typed = client.post("/join", data={"code": f"{code[:5].lower()} {code[5:]}"})
    assert (typed.status_code, typed.location) == (303, f"/join/{code}")


def test_a_new_person_joins_on_the_page(client: FlaskClient, code: str, session: Session) -> None:
    page = client.get(f"/join/{code}").text
    assert f"/sign-in?next=/join/{code}" in page
    form = {"email": NEW, "name": "New", "password": "short"}
    weak = client.post(f"/join/{code}/account", data=form)
    assert (weak.status_code, "too short" in weak.text) == (422, True)
    done = client.post(f"/join/{code}/account", data={**form, "password": PASSWORD})
    assert (done.status_code, done.location) == (303, "/")
    assert client.get("/courses/demo").status_code == 200
    account = account_by_email(session, NEW)
    assert account is not None


def test_an_address_in_use_is_rejected_on_the_page(
    client: FlaskClient, code: str, members: Class
) -> None:
    form = {"email": members.ada.email, "name": "Eve", "password": PASSWORD}
    answer = client.post(f"/join/{code}/account", data=form)
    assert (answer.status_code, "sign in first" in answer.text) == (409, True)
    assert client.get("/courses/demo").status_code == 303  # nobody is signed in


def test_a_person_with_an_account_joins_on_the_page(app: Flask, code: str, members: Class) -> None:
    browser = signed_in(app, members.stranger)
    assert "Join the course" in browser.get(f"/join/{code}").text
    assert browser.post(f"/join/{code}").location == "/courses/demo"
    assert browser.get("/courses/demo").status_code == 200
    assert app.test_client().post(f"/join/{code}").location.startswith("/sign-in")


def test_a_teacher_makes_and_revokes_a_code_on_the_page(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.teacher)
    assert browser.post("/courses/demo/people/codes", data={"days": "7"}).status_code == 303
    page = browser.get("/courses/demo/people").text
    (code,) = re.findall(r"localhost/join/(\w+)", page)
    (revoke,) = re.findall(r'action="([^"]+/revoke)"', page)
    browser.post(revoke)
    assert code not in browser.get("/courses/demo/people").text
    assert browser.post("/courses/demo/people/codes", data={"days": "9999"}).status_code == 422


def test_links_for_the_class_are_shown_as_a_list_to_print(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.teacher)
    emails = f"{NEW}, ada@example.edu;\r\nother@example.edu"
    page = browser.post("/courses/demo/people/invite", data={"emails": emails}).text
    assert len(re.findall(r"http://localhost/link/[\w-]{40,}", page)) == 2
    assert "Signs in as usual" in page
    again = browser.post("/courses/demo/people/invite", data={"all_without_password": "1"}).text
    assert len(re.findall(r"http://localhost/link/[\w-]{40,}", again)) == 2
    bad = browser.post("/courses/demo/people/invite", data={"emails": "nobody"})
    assert (bad.status_code, "is not an e-mail address" in bad.text) == (422, True)


def test_a_teacher_resets_a_students_password(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    browser = signed_in(app, members.teacher)
    person = "/courses/demo/people/ada@example.edu"
    address = "/api/v1/courses/demo/roster/ada@example.edu/link"
    assert "Create a one-time link" not in browser.get(person).text
    assert post(client, members, address).status_code == 403
    session.get_one(Enrolment, (members.course.id, members.ada.id)).may_reset = True
    session.commit()
    assert "Create a one-time link" in browser.get(person).text
    shown = browser.post(f"{person}/link").text
    assert re.search(r"http://localhost/link/[\w-]{40,}", shown)
    link = post(client, members, address)
    assert link.status_code == 201
    path = link.json["url"].removeprefix("http://localhost")
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    form = {"email": "ada@example.edu", "password": PASSWORD}
    assert app.test_client().post("/sign-in", data=form).status_code == 303


@pytest.mark.parametrize("who", ["ada", "assistant", "stranger"])
def test_only_teachers_make_links_and_codes(
    app: Flask, client: FlaskClient, members: Class, who: str
) -> None:
    expected = 404 if who == "stranger" else 403
    account = getattr(members, who)
    headers = members.bearer(account)
    for address in (INVITATIONS, "/api/v1/courses/demo/roster/blaise@example.edu/link"):
        body = {"emails": [NEW]}
        assert client.post(address, json=body, headers=headers).status_code == expected
    browser = signed_in(app, account)
    for path in ("codes", "invite", "blaise@example.edu/link"):
        answer = browser.post(f"/courses/demo/people/{path}", data={"emails": NEW})
        assert answer.status_code == expected
