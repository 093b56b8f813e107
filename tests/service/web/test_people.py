"""The people of a course, over HTTP and on pages."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.courses.models import Enrolment, Role
from service.people.models import Account
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.sql_statements import queries

ROSTER = "/api/v1/courses/demo/roster"
LIST = "e-mail;Name;role\nnew@example.edu;New Person;\nada@example.edu;Ada;assistant\n"


def send(client: FlaskClient, members: Class, body: Any, query: str = "") -> Any:
    """Post a roster as the teacher: text as CSV, anything else as JSON."""
    kind = {"data": body, "content_type": "text/csv"} if isinstance(body, str) else {"json": body}
    headers = members.bearer(members.teacher)
    return client.post(ROSTER + query, headers=headers, **kind)


def read(client: FlaskClient, members: Class, who: Account) -> Any:
    """The roster as a person reads it."""
    return client.get(ROSTER, headers=members.bearer(who)).json


def test_a_roster_is_imported_after_a_dry_run(client: FlaskClient, members: Class) -> None:
    tried = send(client, members, LIST, "?dry_run=1")
    done = send(client, members, LIST)
    expected = {"added": 1, "changed": 1, "unchanged": 0, "errors": [], "notes": []}
    assert tried.json == {**expected, "applied": False}
    assert done.json == {**expected, "applied": True}
    people = read(client, members, members.assistant)["people"]
    assert {each["email"]: each["role"] for each in people}["ada@example.edu"] == "assistant"
    assert {
        "email": "new@example.edu",
        "name": "New Person",
        "student_number": "",
        "role": "student",
        "has_password": False,
    } in people


def test_a_roster_may_be_json(client: FlaskClient, members: Class) -> None:
    rows = [
        {"email": "new@example.edu", "name": "New", "student_number": "7", "role": "student"},
        {"email": "ada@example.edu"},
    ]
    answer = send(client, members, rows)
    assert (answer.status_code, answer.json["added"], answer.json["unchanged"]) == (200, 1, 1)


def test_errors_have_lines_and_nothing_is_imported(
    client: FlaskClient, members: Class, session: Session
) -> None:
    answer = send(client, members, LIST + "nobody;N;\n")
    assert answer.json["errors"] == [{"line": 4, "message": "'nobody' is not an e-mail address."}]
    assert answer.json["applied"] is False
    assert session.scalar(select(Account).where(Account.email == "new@example.edu")) is None


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 422),
        ("a,b\n", 422),
        ([{"email": "a@example.edu", "extra": 1}], 422),
        ([{"email": 7}], 422),
        ([{}], 422),
        (["a@example.edu"], 422),
        ({"rows": []}, 422),
        ("email,name\n" + "x" * 1_100_000, 413),
        ([{"email": f"p{number}@example.edu", "name": "P"} for number in range(16_000)], 422),
    ],
    ids=["empty", "titles", "extra", "type", "missing", "strings", "object", "long", "many"],
)
def test_a_body_that_is_no_roster_is_rejected(
    client: FlaskClient, members: Class, body: Any, status: int
) -> None:
    assert send(client, members, body).status_code == status


def test_a_roster_of_another_type_is_rejected(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    answer = client.post(ROSTER, data="x", content_type="text/plain", headers=headers)
    assert answer.status_code == 415


def test_somebody_is_unenrolled_and_the_last_teacher_is_not(
    client: FlaskClient, members: Class
) -> None:
    headers = members.bearer(members.teacher)
    assert client.delete(f"{ROSTER}/Ada@example.edu", headers=headers).status_code == 204
    assert client.delete(f"{ROSTER}/ada@example.edu", headers=headers).status_code == 404
    last = client.delete(f"{ROSTER}/teacher@example.edu", headers=headers)
    assert (last.status_code, "last_teacher" in last.text) == (409, True)


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("assistant", 403), ("stranger", 404)])
def test_only_teachers_change_a_roster(
    client: FlaskClient, members: Class, who: str, status: int
) -> None:
    headers = members.bearer(getattr(members, who))
    for answer in (
        client.post(ROSTER, json=[], headers=headers),
        client.delete(f"{ROSTER}/blaise@example.edu", headers=headers),
    ):
        assert answer.status_code == status


def test_an_import_makes_the_same_number_of_queries_for_any_number_of_rows(
    app: Flask, client: FlaskClient, members: Class
) -> None:
    engine: Engine = app.extensions[EXTENSION].engine
    seen = []
    for count in (2, 3, 60):  # the first makes accounts that the others ask about
        rows = [{"email": f"p{count}-{n}@example.edu", "name": f"P {n}"} for n in range(count)]
        with queries(engine) as found:
            assert send(client, members, rows).json["added"] == count
        seen.append(len(found))
    assert seen[1] == seen[2]


def role_of(session: Session, email: str) -> Role | None:
    query = select(Enrolment.role).join(Enrolment.account).where(Account.email == email)
    found = session.scalar(query)
    session.rollback()  # SQLite has one writer
    return found


def test_a_list_is_pasted_previewed_and_applied_on_the_page(
    app: Flask, members: Class, session: Session
) -> None:
    browser = signed_in(app, members.teacher)
    form = {"roster": LIST.replace("\n", "\r\n")}
    preview = browser.post("/courses/demo/people/import", data=form).text
    assert "Would be added" in preview
    assert "changed: role" in preview
    assert role_of(session, "new@example.edu") is None
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", preview, re.S)
    assert text is not None
    applied = {"roster": text[1], "apply": "1"}
    done = browser.post("/courses/demo/people/import", data=applied, follow_redirects=True)
    assert "1 added, 1 changed, 0 unchanged." in done.text
    assert role_of(session, "new@example.edu") is Role.STUDENT
    assert role_of(session, "ada@example.edu") is Role.ASSISTANT


def test_a_file_is_previewed_and_its_errors_can_be_corrected_in_place(
    app: Flask, members: Class
) -> None:
    browser = signed_in(app, members.teacher)
    content = "email\tname\nnobody\tÅ<\n".encode("utf-16")
    form = {"file": (io.BytesIO(content), "list.txt")}
    preview = browser.post("/courses/demo/people/import", data=form)
    assert preview.status_code == 422
    assert "Line 2: &#39;nobody&#39; is not an e-mail address." in preview.text
    assert "nobody\tÅ&lt;" in preview.text
    assert 'name="apply"' not in preview.text


@pytest.mark.parametrize("roster", ["", "name,role\nAda,student", "x" * 1_000_001])
def test_a_list_that_cannot_be_read_comes_back(app: Flask, members: Class, roster: str) -> None:
    answer = signed_in(app, members.teacher).post(
        "/courses/demo/people/import", data={"roster": roster}
    )
    assert answer.status_code in {413, 422}
    assert "Add a list" in answer.text


def test_one_person_is_added_by_form(app: Flask, members: Class, session: Session) -> None:
    browser = signed_in(app, members.teacher)
    form = {"email": "bad", "name": "New <Person>", "role": "assistant"}
    rejected = browser.post("/courses/demo/people/add", data=form)
    assert rejected.status_code == 422
    assert "is not an e-mail address" in rejected.text
    assert "New &lt;Person&gt;" in rejected.text
    form["email"] = "new@example.edu"
    assert browser.post("/courses/demo/people/add", data=form).status_code == 303
    assert role_of(session, "new@example.edu") is Role.ASSISTANT


def test_a_role_is_changed_on_the_persons_page(
    app: Flask, members: Class, session: Session
) -> None:
    browser = signed_in(app, members.teacher)
    assert "Change role" in browser.get("/courses/demo/people/ada@example.edu").text
    address = "/courses/demo/people/{}@example.edu/role"
    assert browser.post(address.format("ada"), data={"role": "assistant"}).status_code == 303
    assert role_of(session, "ada@example.edu") is Role.ASSISTANT
    kept = browser.post(address.format("teacher"), data={"role": "student"})
    assert (kept.status_code, "only teacher" in kept.text) == (409, True)
    assert browser.post(address.format("ada"), data={"role": "king"}).status_code == 422
    assert browser.get("/courses/demo/people/nobody@example.edu").status_code == 404


def test_removing_asks_first_and_offers_a_way_back(
    app: Flask, members: Class, session: Session
) -> None:
    browser = signed_in(app, members.teacher)
    address = "/courses/demo/people/ada@example.edu/remove"
    assert "Remove Ada from" in browser.get(address).text
    assert role_of(session, "ada@example.edu") is Role.STUDENT
    page = browser.post(address, follow_redirects=True).text
    assert role_of(session, "ada@example.edu") is None
    assert "Put Ada back" in page
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert form == {"email": "ada@example.edu", "name": "Ada", "role": "student"}
    browser.post("/courses/demo/people/add", data=form)
    assert role_of(session, "ada@example.edu") is Role.STUDENT
    assert "Put Ada back" not in browser.get("/courses/demo/people").text


def test_the_last_teacher_is_not_removed_on_the_page(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.teacher)
    answer = browser.post("/courses/demo/people/teacher@example.edu/remove")
    assert (answer.status_code, "only teacher" in answer.text) == (409, True)


def test_assistants_see_the_list_and_no_forms(app: Flask, members: Class) -> None:
    page = signed_in(app, members.assistant).get("/courses/demo/people").text
    assert "ada@example.edu" in page
    assert "<textarea" not in page
    assert signed_in(app, members.ada).get("/courses/demo/people").status_code == 403
    assert signed_in(app, members.stranger).get("/courses/demo/people").status_code == 404


def test_a_first_teacher_is_shown_what_to_do_next(
    app: Flask, session: Session, members: Class
) -> None:
    course = factories.make_course(session, "fresh")
    factories.enrol(session, course, members.stranger, Role.TEACHER)
    session.commit()
    page = signed_in(app, members.stranger).get("/courses/fresh/people").text
    assert "Nobody else is here yet" in page
