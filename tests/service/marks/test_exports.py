"""What counts leaves as JSON, and as CSV for spreadsheets, Moodle and Canvas."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.marks.overrides import set_override
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

HALF = make_report(make_suite("rules", make_case("sum"), points=50.0))
ADDRESSES = [
    "/courses/demo",
    "/api/v1/courses/demo",
    "/courses/demo/assignments/autograd",
    "/api/v1/courses/demo/assignments/autograd",
    "/api/v1/assignments/autograd",
]


@pytest.fixture
def full(session: Session, members: Class) -> Class:
    """Ada has 50 of 50 points and an override of 40; Blaise submitted nothing."""
    members.ada.name, members.ada.student_number = "Ada Lovelace", "=1815"
    submission = factories.make_graded(session, members.assignment, members.ada, HALF)
    set_override(session, members.teacher, submission, score=40, reason="Oral exam")
    session.commit()
    return members


def read(app: Flask, members: Class, path: str) -> list[list[str]]:
    """The rows of a CSV that the teacher gets on a page or by the API."""
    browser = signed_in(app, members.teacher)
    headers = members.bearer(members.teacher) if path.startswith("/api/") else {}
    answer = browser.get(path, headers=headers)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv"), answer.text
    text = answer.get_data().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("address", ADDRESSES)
def test_plain_has_one_row_a_student_and_what_counts_first(
    app: Flask, full: Class, address: str
) -> None:
    head, *rows = read(app, full, f"{address}/grades.csv")
    assert head[:7] == [
        "e-mail", "name", "student number", "mark", "score", "max score", "attempts",
    ]  # fmt: skip
    blaise, ada = rows
    assert ada[:7] == [
        "ada@example.edu", "Ada Lovelace", "'=1815", "40", "50", "50", "1",
    ]  # fmt: skip
    assert blaise[3:9] == ["", "", "100", "0", "", ""]


@pytest.mark.parametrize("address", ADDRESSES)
def test_moodle_gets_its_columns_and_one_number_for_each_assignment(
    app: Flask, full: Class, address: str
) -> None:
    assert read(app, full, f"{address}/grades.csv?format=moodle") == [
        ["Email address", "ID number", "Autograd engine"],
        ["blaise@example.edu", "", ""],
        ["ada@example.edu", "'=1815", "80"],
    ]


def test_canvas_gets_its_columns_and_the_points_possible(
    app: Flask, session: Session, full: Class
) -> None:
    factories.make_assignment(session, full.course, "second")
    session.commit()
    rows = read(app, full, "/courses/demo/grades.csv?format=canvas")
    titles = ["Autograd engine (autograd)", "Autograd engine (second)"]
    assert rows[:2] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *titles],
        ["Points Possible", "", "", "", "", "100", "100"],
    ]
    assert ["Ada Lovelace", "", "'=1815", "ada@example.edu", "", "80", ""] in rows[2:]
    assert ["Blaise", "", "", "blaise@example.edu", "", "", ""] in rows[2:]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_unknown_format_is_rejected(app: Flask, full: Class, address: str) -> None:
    browser = signed_in(app, full.teacher)
    headers = full.bearer(full.teacher) if address.startswith("/api/") else {}
    answer = browser.get(f"{address}/grades.csv?format=xls", headers=headers)
    assert answer.status_code == 422
    assert "moodle" in answer.text


def test_the_gradebook_as_json_has_what_counts_first(client: FlaskClient, full: Class) -> None:
    answer = client.get("/api/v1/courses/demo/gradebook", headers=full.bearer(full.assistant))
    assert answer.status_code == 200
    book = answer.get_json()
    assert book["course"] == "demo"
    assert book["assignments"] == [
        {"slug": "autograd", "title": "Autograd engine", "max_score": 100.0}
    ]
    marks = {row["email"]: row["marks"] for row in book["students"]}
    assert next(iter(marks["ada@example.edu"][0])) == "mark"
    ((ada,), (blaise,)) = marks["ada@example.edu"], marks["blaise@example.edu"]
    assert (ada["mark"], ada["score"], ada["overridden"]) == (40.0, 50.0, True)
    assert (ada["late_minutes"], ada["comment"]) == (0, "Oral exam")
    assert (blaise["mark"], blaise["submitted_at"], blaise["late_minutes"]) == (None, None, None)


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("stranger", 404)])
@pytest.mark.parametrize("resource", ["gradebook", "grades.csv?format=canvas"])
def test_only_staff_read_marks(
    client: FlaskClient, members: Class, who: str, status: int, resource: str
) -> None:
    headers = members.bearer(getattr(members, who))
    answer = client.get(f"/api/v1/courses/demo/{resource}", headers=headers)
    assert answer.status_code == status
