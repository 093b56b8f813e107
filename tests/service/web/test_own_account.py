"""Everybody changes their own account, on the page and over HTTP."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.people.models import Token
from service.people.throttle import PER_DEVICE
from service.settings import Settings
from service.store.base import now
from tests.service.conftest import Class, MakeApp, signed_in
from tests.support import factories

ACCOUNT = "/api/v1/account"
NEW = {"current": factories.PASSWORD, "password": "a new long password"}


def test_the_own_account_is_read_and_renamed(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.ada)
    assert client.get(ACCOUNT, headers=headers).json == {
        "email": "ada@example.edu",
        "name": "Ada",
        "student_number": "",
        "operator": False,
        "may_create_courses": None,
    }
    changed: Any = client.patch(ACCOUNT, json={"name": " Ada  L. "}, headers=headers).json
    assert changed["name"] == "Ada L."
    for body in ({"name": ""}, {"name": "A\0"}, {"operator": True}, {"student_number": "1"}, {}):
        assert client.patch(ACCOUNT, json=body, headers=headers).status_code == 422


def test_a_new_password_ends_other_sessions_and_no_token(app: Flask, members: Class) -> None:
    here, elsewhere = signed_in(app, members.ada), signed_in(app, members.ada)
    assert here.put(f"{ACCOUNT}/password", json=NEW).status_code == 204
    assert here.get(ACCOUNT).status_code == 200
    assert elsewhere.get(ACCOUNT).status_code == 401
    headers = members.bearer(members.ada)
    assert app.test_client().get(ACCOUNT, headers=headers).status_code == 200
    form = {"email": members.ada.email, "password": NEW["password"]}
    assert app.test_client().post("/sign-in", data=form).status_code == 303


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({**NEW, "current": "wrong"}, "current"),
        ({**NEW, "current": ""}, "current"),
        ({**NEW, "password": "short"}, "password"),
        ({**NEW, "password": "p" * 201}, "password"),
        ({"password": NEW["password"]}, "current"),
    ],
)
def test_a_wrong_or_weak_password_is_rejected_at_its_field(
    app: Flask, members: Class, body: dict[str, str], field: str
) -> None:
    answer: Any = signed_in(app, members.ada).put(f"{ACCOUNT}/password", json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["fields"].keys() == {field}


def test_an_account_without_a_password_cannot_set_one_by_itself(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.ada.password_hash = None
    session.commit()
    answer = client.put(
        f"{ACCOUNT}/password", json={**NEW, "current": ""}, headers=members.bearer(members.ada)
    )
    assert answer.status_code == 422


def test_the_current_password_cannot_be_guessed(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    body = {**NEW, "current": "wrong"}
    statuses = [
        browser.put(f"{ACCOUNT}/password", json=body).status_code
        for _ in range(PER_DEVICE.amount + 1)
    ]
    assert statuses == [422] * PER_DEVICE.amount + [429]
    assert browser.put(f"{ACCOUNT}/password", json=NEW).status_code == 429


def test_tokens_are_created_listed_and_revoked(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.ada)
    made: Any = client.post(f"{ACCOUNT}/tokens", json={"name": "laptop"}, headers=headers)
    assert made.status_code == 201
    own = {"Authorization": f"Bearer {made.json['token']}"}
    assert client.get(ACCOUNT, headers=own).status_code == 200
    listed: Any = client.get(f"{ACCOUNT}/tokens", headers=headers)
    assert [each["name"] for each in listed.json["tokens"]] == ["test", "laptop"]
    assert made.json["token"] not in listed.text
    first, second = [each["id"] for each in listed.json["tokens"]]
    assert client.delete(f"{ACCOUNT}/tokens/{second}", headers=own).status_code == 204
    assert client.get(ACCOUNT, headers=own).status_code == 401
    assert client.delete(f"{ACCOUNT}/tokens?id={second}", headers=headers).status_code == 404
    assert client.delete(f"{ACCOUNT}/tokens?id={first}", headers=headers).status_code == 204
    assert client.get(ACCOUNT, headers=headers).status_code == 401


@pytest.mark.parametrize("query", ["", "?id=", "?id=nonsense"])
def test_revoking_needs_an_id(client: FlaskClient, members: Class, query: str) -> None:
    address = f"{ACCOUNT}/tokens{query}"
    assert client.delete(address, headers=members.bearer(members.ada)).status_code == 422


def test_nobody_revokes_the_token_of_somebody_else(
    client: FlaskClient, members: Class, session: Session
) -> None:
    token = session.scalars(select(Token).where(Token.account_id == members.blaise.id)).one()
    session.commit()  # SQLite has one writer
    address = f"{ACCOUNT}/tokens/{token.id}"
    assert client.delete(address, headers=members.bearer(members.ada)).status_code == 404
    session.refresh(token)
    assert token.revoked_at is None


@pytest.mark.parametrize("name", ["", "  ", "n" * 101, "a\nb"])
def test_a_token_needs_a_name_that_can_be_shown(
    client: FlaskClient, members: Class, name: str
) -> None:
    headers = members.bearer(members.ada)
    answer = client.post(f"{ACCOUNT}/tokens", json={"name": name}, headers=headers)
    assert answer.status_code == 422


def test_an_account_has_at_most_fifty_tokens(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.ada)
    statuses = [
        client.post(f"{ACCOUNT}/tokens", json={"name": "x"}, headers=headers).status_code
        for _ in range(50)
    ]
    assert statuses == [201] * 49 + [409]


def last_use(session: Session, members: Class) -> Any:
    query = select(Token.last_used_at).where(Token.account_id == members.ada.id)
    found = session.scalar(query)
    session.rollback()
    return found


def test_the_last_use_of_a_token_is_noted_every_few_minutes(
    client: FlaskClient, members: Class, session: Session
) -> None:
    headers = members.bearer(members.ada)
    client.get(ACCOUNT, headers=headers)
    first = last_use(session, members)
    assert first is not None
    client.get(ACCOUNT, headers=headers)
    assert last_use(session, members) == first
    session.execute(
        Token.__table__.update().values(last_used_at=now() - timedelta(minutes=6))  # type: ignore[attr-defined]
    )
    session.commit()
    client.get(ACCOUNT, headers=headers)
    assert last_use(session, members) >= first


def test_reading_never_waits_for_a_writer_to_note_a_use(
    client: FlaskClient, members: Class, session: Session
) -> None:
    session.add(Token(account_id=members.ada.id, name="x", token_hash="x"))
    session.flush()  # SQLite's only writer is busy from now on, for longer than this test
    answer = client.get(ACCOUNT, headers=members.bearer(members.ada))
    assert answer.status_code == 200
    session.rollback()
    assert last_use(session, members) is None


@pytest.mark.parametrize("who", ["ada", "teacher"])
def test_the_page_changes_name_and_password(app: Flask, members: Class, who: str) -> None:
    browser = signed_in(app, getattr(members, who))
    page = browser.get("/account")
    assert page.status_code == 200
    assert 'href="/account"' in browser.get("/courses").text
    assert "name is empty" in browser.post("/account/name", data={"name": ""}).text
    done = browser.post("/account/name", data={"name": "New <Name>"}, follow_redirects=True)
    assert "New &lt;Name&gt;" in done.text
    wrong = browser.post("/account/password", data={**NEW, "current": "wrong-one"})
    assert (wrong.status_code, "isn&#39;t your current password" in wrong.text) == (422, True)
    assert "wrong-one" not in wrong.text
    changed = browser.post("/account/password", data=NEW, follow_redirects=True)
    assert "Your password was changed" in changed.text


def test_the_page_creates_and_revokes_tokens(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    made = browser.post("/account/tokens", data={"token_name": "laptop"})
    (text,) = re.findall(r"cr_[\w-]{40,}", made.text)
    assert text not in browser.get("/account").text
    empty = browser.post("/account/tokens", data={"token_name": ""})
    assert (empty.status_code, "what the token is for" in empty.text) == (422, True)
    revokes = re.findall(r'action="(/account/tokens/[^"]+/revoke)"', browser.get("/account").text)
    for address in revokes:
        assert browser.post(address).status_code == 303
    own = {"Authorization": f"Bearer {text}"}
    assert app.test_client().get(ACCOUNT, headers=own).status_code == 401
    assert browser.post(revokes[0]).status_code == 404


def test_the_page_signs_out_everywhere(app: Flask, members: Class) -> None:
    here, elsewhere = signed_in(app, members.ada), signed_in(app, members.ada)
    assert here.post("/account/sign-out-everywhere").location == "/sign-in"
    assert elsewhere.get("/account").status_code == 303
    assert here.get("/account").status_code == 303


def test_without_mail_no_message_is_sent_and_pages_do_not_mention_it(
    make_app: MakeApp, settings: Settings, members: Class
) -> None:
    browser = signed_in(make_app(replace(settings, smtp_url="")), members.teacher)
    assert "as mail" not in browser.get("/courses/demo/people").text
