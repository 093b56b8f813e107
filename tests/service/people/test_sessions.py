"""Signing out, a new password and signing out everywhere end sessions; nothing else writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from service.people.accounts import reset_password
from service.people.actors import LocalOperator
from service.people.models import Account, EndedSession
from service.people.sessions import LIFETIME, end_all_sessions, end_session, new_session
from service.store.base import now
from tests.service.conftest import Class, signed_in
from tests.support import factories

COURSES = "/api/v1/courses"
SESSIONS = "/api/v1/account/sessions"
COOKIE = "chainrule"


def copy_of(app: Flask, browser: FlaskClient) -> FlaskClient:
    """Another browser with the same cookie."""
    cookie = browser.get_cookie(COOKIE)
    assert cookie is not None
    copied = app.test_client()
    copied.set_cookie(COOKIE, cookie.value)
    return copied


def may_read(*browsers: FlaskClient) -> list[bool]:
    return [browser.get(COURSES).status_code == 200 for browser in browsers]


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app: Flask, members: Class) -> None:
    browser, elsewhere = signed_in(app, members.ada), signed_in(app, members.ada)
    copied = copy_of(app, browser)
    assert may_read(browser, copied, elsewhere) == [True, True, True]
    assert browser.post("/sign-out").location == "/sign-in"
    assert browser.get_cookie(COOKIE) is None
    assert may_read(browser, copied, elsewhere) == [False, False, True]


def test_signing_out_twice_or_without_a_session_does_nothing(
    app: Flask, members: Class, session: Session
) -> None:
    browser = signed_in(app, members.ada)
    copied = copy_of(app, browser)
    for each in (browser, copied, app.test_client()):
        assert each.post("/sign-out").status_code == 303
    assert session.scalars(select(func.count(EndedSession.id))).one() == 1


def test_two_clicks_at_once_end_the_same_session(
    session: Session, engine: Engine, members: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    cookie = new_session(members.ada)
    monkeypatch.setattr("service.people.sessions.find_signed_in", lambda *_: members.ada)
    end_session(session, cookie)
    end_session(session, cookie)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count(EndedSession.id))) == 1


def test_ended_sessions_are_forgotten_once_their_cookies_have_expired(
    app: Flask, members: Class, session: Session
) -> None:
    first, second = signed_in(app, members.ada), signed_in(app, members.ada)
    first.post("/sign-out")
    (ended,) = session.scalars(select(EndedSession))
    assert now() + LIFETIME - ended.expires_at < timedelta(minutes=10)
    session.execute(update(EndedSession).values(expires_at=now() - timedelta(seconds=1)))
    session.commit()
    second.post("/sign-out")
    (left,) = session.scalars(select(EndedSession))
    assert left.id != ended.id
    assert app.permanent_session_lifetime == LIFETIME


def test_signing_out_everywhere_ends_every_session_but_no_token(app: Flask, members: Class) -> None:
    browsers = [signed_in(app, members.ada) for _ in range(3)]
    other = signed_in(app, members.blaise)
    answer = browsers[0].delete(SESSIONS)
    assert (answer.status_code, answer.data) == (204, b"")
    assert browsers[0].get_cookie(COOKIE) is None
    assert may_read(*browsers, other) == [False, False, False, True]
    again = app.test_client()
    assert again.get(COURSES, headers=members.bearer(members.ada)).status_code == 200


def test_a_token_signs_out_everywhere_too(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    token = members.bearer(members.ada)
    assert app.test_client().delete(SESSIONS, headers=token).status_code == 204
    assert may_read(browser) == [False]
    assert app.test_client().delete(SESSIONS).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        lambda session, account: reset_password(session, LocalOperator(), account),
        lambda session, account: end_all_sessions(session, LocalOperator(), account),
        lambda session, account: session.delete(account),
    ],
    ids=["new password", "signed out by the operator", "deleted account"],
)
@pytest.mark.usefixtures("members")
def test_a_change_of_the_account_ends_its_sessions(
    app: Flask, session: Session, change: Callable[[Session, Account], object]
) -> None:
    account = factories.make_account(session)
    session.commit()
    browsers = [signed_in(app, account) for _ in range(2)]
    browsers[0].post("/sign-out")
    assert may_read(*browsers) == [False, True]
    change(session, account)
    session.commit()
    assert may_read(*browsers) == [False, False]


@pytest.mark.parametrize("missing", ["account", "stamp", "session"])
def test_a_cookie_of_an_earlier_version_asks_to_sign_in(
    app: Flask, members: Class, missing: str
) -> None:
    browser = signed_in(app, members.ada)
    with browser.session_transaction() as cookie:
        del cookie[missing]
    assert browser.get("/").location == "/sign-in"


def test_signing_in_and_reading_need_no_writer(app: Flask, members: Class, engine: Engine) -> None:
    browser = app.test_client()
    form = {"email": members.ada.email, "password": factories.PASSWORD}
    with engine.begin() as writer:  # holds SQLite's only writing transaction
        writer.execute(update(Account).values(student_number="1"))
        assert browser.post("/sign-in", data={**form, "password": "x"}).status_code == 401
        assert browser.post("/sign-in", data=form).status_code == 303
        assert browser.get("/courses/demo").status_code == 200
