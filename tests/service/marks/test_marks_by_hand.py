"""Marks by the student's e-mail, also of who submitted nothing, and the release of held marks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.audit.models import AuditEntry
from service.marks.models import Override
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

ASSIGNMENT = "/courses/demo/assignments/autograd"
API = f"/api/v1{ASSIGNMENT}"
STUDENT = "/courses/demo/students/ada@example.edu"
HALF = make_report(
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT), points=66.5)
)


def put(client: FlaskClient, members: Class, body: dict[str, Any], who: str = "teacher") -> Any:
    headers = members.bearer(getattr(members, who))
    return client.put(f"{API}/marks/ada@example.edu", json=body, headers=headers)


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_somebody_who_submitted_nothing_can_be_given_a_mark(
    app: Flask, client: FlaskClient, members: Class, session: Session, who: str
) -> None:
    answer = put(client, members, {"score": 70.25, "reason": "oral exam"}, who)
    assert answer.status_code == 200
    assert answer.json == {
        "email": "ada@example.edu",
        "mark": 70.25,
        "score": None,
        "deduction": 0.0,
        "why": "",
        "given": 70.25,
        "reason": "oral exam",
        "max_score": 100.0,
        "attempts": 0,
    }
    stored = session.scalars(select(Override)).one()
    assert (stored.submission_id, stored.student_id) == (None, members.ada.id)
    session.commit()
    page = signed_in(app, members.ada).get(ASSIGNMENT).text
    assert "oral exam" in page
    assert "70.25 of 100" in page


def test_the_page_leads_back_to_an_address_with_any_sign(
    app: Flask, members: Class, session: Session
) -> None:
    members.ada.email = "ada#1?@example.edu"
    session.commit()
    teacher = signed_in(app, members.teacher)
    page = "/courses/demo/students/ada%231%3F@example.edu"
    answer = teacher.post(f"{page}/marks/autograd", data={"score": "9", "reason": "oral exam"})
    assert answer.status_code == 303
    assert teacher.get(answer.location).status_code == 200


def test_a_mark_is_removed_and_the_computed_one_counts_again(
    client: FlaskClient, members: Class, session: Session
) -> None:
    factories.make_graded(session, members.assignment, members.ada, HALF)
    session.commit()
    headers = members.bearer(members.teacher)
    address = f"{API}/marks/ada@example.edu"
    assert client.delete(address, headers=headers).status_code == 404
    put(client, members, {"score": 60, "reason": "oral exam"})
    assert client.delete(address, headers=headers).status_code == 204
    read = client.get(address, headers=headers).json
    assert read is not None
    assert (read["mark"], read["score"], read["given"]) == (33.25, 33.25, None)
    of_course = select(AuditEntry).where(AuditEntry.course_id == members.course.id)
    entries = session.scalars(of_course.order_by(AuditEntry.happened_at)).all()
    assert [(each.action, each.before, each.after) for each in entries] == [
        ("override.set", {"score": None}, {"score": 60.0}),
        ("override.removed", {"score": 60.0}, {"score": None}),
    ]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"score": 101, "reason": "x"}, "score"),
        ({"score": -1, "reason": "x"}, "score"),
        ({"score": None, "reason": "x"}, "score"),
        ({"score": 1, "reason": " "}, "reason"),
        ({"score": 1}, "reason"),
        ({"score": 1, "reason": "x", "extra": 1}, "extra"),
    ],
)
def test_what_cannot_be_a_mark_is_rejected_at_its_field(
    client: FlaskClient, members: Class, body: dict[str, Any], field: str
) -> None:
    answer = put(client, members, body)
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]


def test_students_set_and_read_no_marks_by_email(client: FlaskClient, members: Class) -> None:
    assert put(client, members, {"score": 1, "reason": "x"}, "ada").status_code == 403
    headers = members.bearer(members.ada)
    assert client.get(f"{API}/marks/ada@example.edu", headers=headers).status_code == 403
    assert client.delete(f"{API}/marks/ada@example.edu", headers=headers).status_code == 403


def test_the_page_of_a_student_sets_and_removes_a_mark(
    app: Flask, members: Class, session: Session
) -> None:
    guest = signed_in(app, members.assistant)
    assert "not submitted" in guest.get(STUDENT).text
    form = guest.get(f"{STUDENT}?assignment=autograd").text
    assert "From 0 to 100" in form
    typed = {"score": "80,25", "reason": "oral exam"}
    assert guest.post(f"{STUDENT}/marks/autograd", data=typed).status_code == 303
    page = guest.get(f"{STUDENT}?assignment=autograd").text
    assert "80.25" in page
    assert "oral exam" in page
    removed = {"action": "remove", "score": "", "reason": "a mix-up"}
    assert guest.post(f"{STUDENT}/marks/autograd", data=removed).status_code == 303
    assert "80.25" not in guest.get(STUDENT).text
    assert len(session.scalars(select(Override)).all()) == 2


def test_a_rejected_mark_comes_back_as_typed(app: Flask, members: Class) -> None:
    guest = signed_in(app, members.teacher)
    answer = guest.post(f"{STUDENT}/marks/autograd", data={"score": "900", "reason": "oral"})
    assert answer.status_code == 422
    assert "Give a mark from 0 to 100." in answer.text
    assert 'value="900"' in answer.text
    assert "oral</textarea>" in answer.text


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("ada", STUDENT, 403),
        ("stranger", STUDENT, 404),
        ("teacher", "/courses/demo/students/teacher@example.edu", 404),
        ("teacher", "/courses/demo/students/stranger@example.edu", 404),
        ("teacher", f"{STUDENT}?assignment=nothing", 404),
    ],
)
def test_the_page_of_a_student_is_for_staff(
    app: Flask, members: Class, who: str, path: str, status: int
) -> None:
    assert signed_in(app, getattr(members, who)).get(path).status_code == status


def test_held_marks_are_shown_nowhere_until_a_teacher_releases_them(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.hold_marks = True
    submission = factories.make_graded(session, members.assignment, members.ada, HALF)
    session.commit()
    put(client, members, {"score": 57.25, "reason": "oral exam"})
    student, teacher = signed_in(app, members.ada), signed_in(app, members.teacher)
    pages = ("/courses/demo", ASSIGNMENT, f"/submissions/{submission.id}")
    for path in pages:
        page = student.get(path).text
        assert "57.25" not in page, path
        assert "33.25" not in page, path
    headers = members.bearer(members.ada)
    read = client.get(f"/api/v1/submissions/{submission.id}", headers=headers)
    assert read.json is not None
    assert read.json["score"] is None
    assert "Marks are held back." in teacher.get(ASSIGNMENT).text
    assert "held back" in teacher.get(STUDENT).text
    assert "held back" in teacher.get("/courses/demo/gradebook").text
    assert "Release the marks" not in signed_in(app, members.assistant).get(ASSIGNMENT).text
    asked = teacher.get(f"{ASSIGNMENT}/release").text
    assert "1 of 2 students have a mark" in asked
    assert teacher.post(f"{ASSIGNMENT}/release").status_code == 303
    assert "Marks are held back." not in teacher.get(ASSIGNMENT).text
    assert "were released" in teacher.get(f"{ASSIGNMENT}/release").text
    assert "57.25" in student.get(ASSIGNMENT).text


def test_marks_are_released_over_http_once(
    client: FlaskClient, members: Class, session: Session
) -> None:
    def release(who: str) -> Any:
        return client.post(f"{API}/release", headers=members.bearer(getattr(members, who)))

    assert release("teacher").json["error"]["code"] == "not_held"
    members.assignment.hold_marks = True
    session.commit()
    assert release("assistant").status_code == release("ada").status_code == 403
    first = release("teacher")
    assert first.status_code == 200
    assert release("teacher").json == first.json
