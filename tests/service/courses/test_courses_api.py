"""Courses over HTTP: create, read, change, copy and delete them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course
from service.store.base import now
from tests.service.conftest import Class
from tests.support import factories

COURSES = "/api/v1/courses"
DEMO = f"{COURSES}/demo"
NEW = {"slug": "spring", "title": "Spring", "time_zone": "Europe/Berlin"}


def fields(response: Any) -> dict[str, str]:
    found: dict[str, str] = response.json["error"]["fields"]
    return found


def test_a_teacher_creates_another_course(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    created = client.post(COURSES, json=NEW, headers=headers)
    assert (created.status_code, created.location) == (201, f"{COURSES}/spring")
    assert created.json == NEW | {"role": "teacher", "assignments": []}
    assert client.get(created.location, headers=headers).json == created.json
    assert client.post(COURSES, json=NEW, headers=headers).status_code == 409
    for person in (members.ada, members.assistant):
        refused = client.post(COURSES, json=NEW, headers=members.bearer(person))
        assert refused.status_code == 403


def test_every_wrong_field_of_a_course_is_explained(client: FlaskClient, members: Class) -> None:
    body = {"slug": "No slug", "title": "x" * 201, "time_zone": "Mars/Olympus"}
    answer = client.post(COURSES, json=body, headers=members.bearer(members.teacher))
    assert answer.status_code == 422
    assert set(fields(answer)) == {"slug", "title", "time_zone"}
    assert "Europe/Berlin" in fields(answer)["time_zone"]
    long = client.patch(DEMO, json={"slug": "x" * 101}, headers=members.bearer(members.teacher))
    assert "at most 100" in fields(long)["slug"]


def test_a_change_keeps_what_is_left_out(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.teacher)
    before = client.get(DEMO, headers=headers).json or {}
    changed = client.patch(DEMO, json={"time_zone": "Asia/Kolkata"}, headers=headers)
    assert changed.json == before | {"time_zone": "Asia/Kolkata"}
    moved = client.patch(DEMO, json={"slug": "moved", "title": None}, headers=headers)
    assert (moved.json or {})["title"] == before["title"]
    assert client.get(DEMO, headers=headers).status_code == 404
    for person, status in ((members.assistant, 403), (members.ada, 403), (members.stranger, 404)):
        address = f"{COURSES}/moved"
        refused = client.patch(address, json={"title": "A"}, headers=members.bearer(person))
        assert refused.status_code == status


def test_a_copy_has_the_assignments_without_the_people(
    client: FlaskClient, members: Class, session: Session
) -> None:
    headers = members.bearer(members.teacher)
    client.patch(DEMO, json={"time_zone": "Europe/Berlin"}, headers=headers)
    terms = {
        "opens_at": "2027-03-19T07:00:00Z",
        "deadline": "2027-03-26T17:00:00Z",  # 18:00 in Berlin, two days before summer time
        "late_policy": {"kind": "percent_per_day", "percent": 5, "floor": 0, "grace_minutes": 0},
        "feedback": "tests",
        "hold_marks": True,
    }
    client.patch(f"{DEMO}/assignments/autograd", json=terms, headers=headers)
    session.refresh(members.assignment)
    members.assignment.closed_at = members.assignment.released_at = now()
    members.assignment.points = {"gone": 3.0}
    factories.make_assignment(session, members.course, "zebra")
    session.commit()
    body = {"slug": "next", "title": "Next", "shift_days": 7}
    copied = client.post(f"{DEMO}/copy", json=body, headers=headers)
    assert (copied.status_code, copied.location) == (201, f"{COURSES}/next")
    assert copied.json == {
        "slug": "next",
        "title": "Next",
        "time_zone": "Europe/Berlin",
        "role": "teacher",
        "assignments": ["autograd", "zebra"],
    }
    read = client.get(f"{COURSES}/next/assignments/autograd", headers=headers).json or {}
    assert read["opens_at"] == "2027-03-26T07:00:00Z"
    assert read["deadline"] == "2027-04-02T16:00:00Z"  # 18:00 again
    assert read["suites"] == [{"name": "gone", "points": 3.0}]
    for name in ("late_policy", "feedback", "hold_marks"):
        assert read[name] == terms[name]
    made = session.query(Course).filter_by(slug="next").one()
    assert [each.account_id for each in made.enrolments] == [members.teacher.id]
    assignment = session.query(Assignment).filter_by(course_id=made.id, slug="autograd").one()
    assert (assignment.closed_at, assignment.released_at, assignment.version) == (None, None, 1)
    assert assignment.seed != members.assignment.seed


@pytest.mark.parametrize("days", [-1_000_000, 9_999_999_999_999, -10_000])
def test_a_copy_with_dates_out_of_the_calendar_is_rejected(
    client: FlaskClient, members: Class, days: int
) -> None:
    headers = members.bearer(members.teacher)
    deadline = {"deadline": "1975-01-01T00:00:00Z"}
    client.patch(f"{DEMO}/assignments/autograd", json=deadline, headers=headers)
    body = {"slug": "next", "title": "Next", "shift_days": days}
    answer = client.post(f"{DEMO}/copy", json=body, headers=headers)
    assert answer.status_code == 422
    assert "out of the calendar" in fields(answer)["shift_days"]
    assert client.get(f"{COURSES}/next", headers=headers).status_code == 404


def test_only_teachers_copy_and_delete_a_course(client: FlaskClient, members: Class) -> None:
    body = {"slug": "next", "title": "Next"}
    for person, status in ((members.assistant, 403), (members.ada, 403), (members.stranger, 404)):
        headers = members.bearer(person)
        assert client.post(f"{DEMO}/copy", json=body, headers=headers).status_code == status
        assert client.delete(DEMO, headers=headers).status_code == status
    headers = members.bearer(members.teacher)
    assert client.delete(DEMO, headers=headers).status_code == 204
    assert client.get(DEMO, headers=headers).status_code == 404
