"""Operators see, create and change all accounts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.people.accounts import account_by_email
from service.people.models import Account
from tests.service.conftest import Class, signed_in
from tests.support import factories

ACCOUNTS = "/api/v1/accounts"


@pytest.fixture
def operator(session: Session, members: Class) -> Account:
    members.stranger.operator = True
    session.commit()
    return members.stranger


@pytest.fixture
def headers(members: Class, operator: Account) -> dict[str, str]:
    return members.bearer(operator)


def test_accounts_are_listed_some_at_a_time(
    client: FlaskClient, headers: dict[str, str], session: Session
) -> None:
    everybody = sorted(account.email for account in session.query(Account))
    session.rollback()
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        query: dict[str, Any] = {"limit": 2, "after": after}
        page: Any = client.get(ACCOUNTS, query_string=query, headers=headers).json
        assert len(page["accounts"]) <= 2
        seen += [each["email"] for each in page["accounts"]]
        after = page["next"]
    assert seen == everybody


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ADA", ["ada@example.edu"]),
        ("ada example", ["ada@example.edu"]),
        ("1815", ["blaise@example.edu"]),
        ("%", []),
        ("_", []),
        ("\0", []),
        ("nobody", []),
    ],
)
def test_accounts_are_searched_by_parts(
    client: FlaskClient,
    headers: dict[str, str],
    members: Class,
    session: Session,
    search: str,
    found: list[str],
) -> None:
    members.blaise.student_number = "1815"
    session.commit()
    answer: Any = client.get(ACCOUNTS, query_string={"search": search}, headers=headers).json
    assert [each["email"] for each in answer["accounts"]] == found


def test_an_operator_names_a_teacher(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    body = {"email": "Tea@example.edu", "name": "Tea", "may_create_courses": True}
    made: Any = client.post(ACCOUNTS, json=body, headers=headers)
    assert made.status_code == 201
    assert (made.json["email"], made.json["may_create_courses"]) == ("tea@example.edu", True)
    browser = app.test_client()
    path = made.json["link"].removeprefix("http://localhost")
    assert browser.post(path, data={"password": "a new long password"}).status_code == 303
    assert browser.get("/account").status_code == 200
    assert client.post(ACCOUNTS, json=body, headers=headers).status_code == 409


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "nobody", "name": "N"}, {"email": "a@example.edu", "name": ""}, {"x": 1}],
)
def test_bad_accounts_are_rejected(
    client: FlaskClient, headers: dict[str, str], body: dict[str, Any]
) -> None:
    assert client.post(ACCOUNTS, json=body, headers=headers).status_code == 422


def test_an_account_is_changed_and_gets_a_link(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    address = f"{ACCOUNTS}/Ada@example.edu"
    changed: Any = client.patch(
        address, json={"name": "Ada L.", "student_number": "7", "link": True}, headers=headers
    ).json
    assert (changed["name"], changed["student_number"]) == ("Ada L.", "7")
    assert "/link/" in changed["link"]
    kept: Any = client.patch(address, json={}, headers=headers).json
    assert (kept["name"], kept["link"], kept["has_password"]) == ("Ada L.", None, True)
    missing = client.patch(f"{ACCOUNTS}/nobody@example.edu", json={}, headers=headers)
    assert missing.status_code == 404


def test_a_new_operator_must_set_a_new_password(
    app: Flask, client: FlaskClient, headers: dict[str, str], members: Class
) -> None:
    # Whoever made the account may know its password.
    browser, own = signed_in(app, members.ada), members.bearer(members.ada)
    changed: Any = client.patch(
        f"{ACCOUNTS}/ada@example.edu", json={"operator": True, "link": True}, headers=headers
    ).json
    assert (changed["operator"], changed["has_password"]) == (True, False)
    assert browser.get("/account").status_code == 303
    assert client.get(ACCOUNTS, headers=own).status_code == 401
    form = {"email": "ada@example.edu", "password": factories.PASSWORD}
    assert app.test_client().post("/sign-in", data=form).status_code == 401


def test_an_installation_keeps_an_operator(
    client: FlaskClient, headers: dict[str, str], operator: Account
) -> None:
    address = f"{ACCOUNTS}/{operator.email}"
    last: Any = client.patch(address, json={"operator": False}, headers=headers)
    assert (last.status_code, last.json["error"]["code"]) == (409, "last_operator")
    client.patch(f"{ACCOUNTS}/ada@example.edu", json={"operator": True}, headers=headers)
    assert client.patch(address, json={"operator": False}, headers=headers).status_code == 200
    assert client.get(ACCOUNTS, headers=headers).status_code == 403


def test_an_account_is_deleted(
    client: FlaskClient, headers: dict[str, str], session: Session
) -> None:
    address = f"{ACCOUNTS}/ada@example.edu"
    assert client.delete(address, headers=headers).status_code == 204
    assert client.delete(address, headers=headers).status_code == 404
    assert account_by_email(session, "ada@example.edu") is None
    listed: Any = client.get(ACCOUNTS, headers=headers).json
    assert "deleted" not in str(listed)


def test_nobody_changes_or_enrols_a_deleted_account(
    client: FlaskClient, headers: dict[str, str], members: Class, session: Session
) -> None:
    client.delete(f"{ACCOUNTS}/ada@example.edu", headers=headers)
    session.refresh(members.ada)
    left = members.ada.email
    session.commit()
    for method in ("PATCH", "DELETE"):
        answer = client.open(
            f"{ACCOUNTS}/{left}", method=method, json={"name": "A"}, headers=headers
        )
        assert answer.status_code == 404
    teacher = members.bearer(members.teacher)
    rows = [{"email": left, "name": "Ada"}]
    imported: Any = client.post("/api/v1/courses/demo/roster", json=rows, headers=teacher).json
    assert imported["applied"] is False
    assert "is not an e-mail address" in imported["errors"][0]["message"]


def test_a_search_of_too_many_words_is_rejected(
    client: FlaskClient, headers: dict[str, str], operator: Account, app: Flask
) -> None:
    many = {"search": "a " * 1500}
    assert client.get(ACCOUNTS, query_string=many, headers=headers).status_code == 422
    assert signed_in(app, operator).get("/accounts", query_string=many).status_code == 422


@pytest.mark.parametrize("who", ["ada", "teacher"])
def test_others_see_and_change_no_accounts(
    app: Flask, client: FlaskClient, members: Class, who: str
) -> None:
    headers = members.bearer(getattr(members, who))
    known, unknown = f"{ACCOUNTS}/blaise@example.edu", f"{ACCOUNTS}/nobody@example.edu"
    new = {"email": "new@example.edu", "name": "New"}
    answers = [
        client.get(ACCOUNTS, headers=headers),
        client.post(ACCOUNTS, json=new, headers=headers),
        *(client.patch(each, json={}, headers=headers) for each in (known, unknown)),
        *(client.delete(each, headers=headers) for each in (known, unknown)),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.text for answer in answers[2:]}) == 1
    browser = signed_in(app, getattr(members, who))
    for path in ("/accounts", "/accounts/blaise@example.edu", "/accounts/nobody@example.edu"):
        assert browser.get(path).status_code == 403
    assert browser.post("/accounts/blaise@example.edu/link").status_code == 403
    assert 'href="/accounts"' not in browser.get("/account").text


def test_an_operator_adds_and_changes_accounts_on_the_page(
    app: Flask, operator: Account, session: Session
) -> None:
    browser = signed_in(app, operator)
    assert 'href="/accounts"' in browser.get("/account").text
    bad = browser.post("/accounts/add", data={"email": "nobody", "name": "N"})
    assert (bad.status_code, "is not an e-mail address" in bad.text) == (422, True)
    form = {"email": "tea@example.edu", "name": "Tea", "may_create_courses": "1"}
    made = browser.post("/accounts/add", data=form)
    assert re.search(r"http://localhost/link/[\w-]{40,}", made.text)
    found = browser.get("/accounts?search=tea").text
    assert "tea@example.edu" in found
    address = "/accounts/tea@example.edu"
    assert "Name and rights" in browser.get(address).text
    assert browser.post(f"{address}/change", data={"name": "Theo"}).status_code == 303
    account = account_by_email(session, "tea@example.edu")
    assert account is not None
    assert (account.name, account.may_create_courses) == ("Theo", None)
    session.rollback()
    promoted = browser.post(f"{address}/change", data={"name": "Theo", "operator": "1"})
    assert "/link/" in promoted.text
    assert "/link/" in browser.post(f"{address}/link").text
    rejected = browser.post(f"{address}/change", data={"name": ""})
    assert rejected.status_code == 422


def test_an_operator_says_that_a_teacher_creates_no_courses(
    app: Flask, client: FlaskClient, headers: dict[str, str], members: Class
) -> None:
    account = f"{ACCOUNTS}/teacher@example.edu"
    teacher, browser = members.bearer(members.teacher), signed_in(app, members.teacher)

    def says(right: bool | None) -> tuple[Any, int, bool, bool]:
        """What is answered then, and whether the teacher may create and copy a course."""
        changed: Any = client.patch(account, json={"may_create_courses": right}, headers=headers)
        body = {"slug": f"new-{right}".lower(), "title": "New"}
        made = client.post("/api/v1/courses", json=body, headers=teacher)
        offered = "Copy the course" in browser.get("/courses/demo/settings").text
        button = 'href="/new-course"' in browser.get("/courses").text
        return changed.json["may_create_courses"], made.status_code, offered, button

    listed: Any = client.get(f"{ACCOUNTS}?search=teacher", headers=headers).json
    assert listed["accounts"][0]["may_create_courses"] is None
    assert says(False) == (False, 403, False, False)
    copied = {"slug": "copy", "title": "Copy", "shift_days": 0}
    answer = client.post("/api/v1/courses/demo/copy", json=copied, headers=teacher)
    assert answer.status_code == 403
    # What isn't given stays.
    assert client.patch(account, json={"name": "T"}, headers=headers).status_code == 200
    assert client.get(f"{ACCOUNTS}?search=T", headers=headers).status_code == 200
    refused = client.post("/api/v1/courses", json={"slug": "x", "title": "X"}, headers=teacher)
    assert refused.status_code == 403
    assert says(None) == (None, 201, True, True)
    assert says(True) == (True, 201, True, True)


def test_the_page_has_three_answers_about_creating_courses(
    app: Flask, operator: Account, session: Session
) -> None:
    browser = signed_in(app, operator)
    address = "/accounts/teacher@example.edu"
    for value, right in (("0", False), ("1", True), ("", None)):
        data = {"name": "Teacher", "may_create_courses": value}
        assert browser.post(f"{address}/change", data=data).status_code == 303
        session.expire_all()
        account = account_by_email(session, "teacher@example.edu")
        assert account is not None
        assert account.may_create_courses is right
        session.rollback()
        chosen = re.findall(r'<option value="(.?)" selected>', browser.get(address).text)
        assert chosen == [value]


def test_long_lists_have_pages(app: Flask, operator: Account, session: Session) -> None:
    for number in range(60):
        factories.make_account(session, email=f"many{number:02}@example.edu")
    session.commit()
    browser = signed_in(app, operator)
    page = browser.get("/accounts?search=many").text
    assert "many00@" in page
    assert "many59@" not in page
    (onward,) = re.findall(r'href="(/accounts\?[^"]*after=[^"]+)"', page)
    assert "many59@" in browser.get(onward.replace("&amp;", "&")).text
