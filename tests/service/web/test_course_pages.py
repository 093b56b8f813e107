"""Teachers create, change, copy and delete courses and assignments in the browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import (
    Course,
    Enrolment,
    Extension,
)
from tests.service.conftest import Class, signed_in
from tests.service.web.assignment_form import EDIT, FORM, LONG, NEW
from tests.support import factories


def test_only_an_assignment_without_submissions_can_be_deleted(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    assert teacher.post(NEW, data=FORM).status_code == 303
    engine = "/courses/demo/assignments/engine"
    assert "Delete this assignment?" in teacher.get(f"{engine}/delete").text
    assert teacher.post(f"{engine}/delete").location == "/courses/demo"
    assert teacher.get(engine).status_code == 404
    refused = teacher.post(f"{LONG}/delete")
    assert refused.status_code == 409
    assert "Close it instead" in refused.text


def test_a_course_is_created_changed_and_copied(teacher: FlaskClient, session: Session) -> None:
    assert "New course" in teacher.get("/courses").text
    data = {"slug": "spring", "title": "Spring", "time_zone": "Asia/Kolkata"}
    assert 'value="Europe/Berlin"' in teacher.get("/new-course").text
    assert teacher.post("/new-course", data=data).location == "/courses/spring"
    assert "Create the first one" in teacher.get("/courses/spring").text
    changed = {"slug": "summer", "title": "Summer", "time_zone": "Europe/Berlin"}
    assert teacher.post("/courses/spring/settings", data=changed).location == "/courses/summer"
    made = session.query(Course).filter_by(slug="summer").one()
    assert (made.title, made.time_zone) == ("Summer", "Europe/Berlin")
    session.commit()
    copy: dict[str, Any] = {"copy_slug": "next", "copy_title": "Next", "shift_days": "364"}
    answer = teacher.post("/courses/demo/settings/copy", data=copy)
    assert answer.location == "/courses/next"
    assert teacher.get("/courses/next/assignments/autograd").status_code == 200


@pytest.mark.parametrize(
    ("address", "data", "field"),
    [
        ("/new-course", {"slug": "A", "title": "A"}, "slug"),
        ("/new-course", {"slug": "demo", "title": "A"}, "slug"),
        ("/new-course", {"slug": "a", "title": "A", "time_zone": "Mars"}, "time_zone"),
        ("/courses/demo/settings", {"slug": "demo", "title": "", "time_zone": "UTC"}, "title"),
        ("/courses/demo/settings/copy", {"copy_slug": "demo", "copy_title": "A"}, "copy_slug"),
        (
            "/courses/demo/settings/copy",
            {"copy_slug": "b", "copy_title": "B", "shift_days": "x"},
            "shift_days",
        ),
    ],
)
def test_a_wrong_field_of_a_course_is_explained_at_its_field(
    teacher: FlaskClient, address: str, data: dict[str, str], field: str
) -> None:
    page = teacher.post(address, data=data)
    assert page.status_code in {409, 422}
    assert f'id="{field}-wrong"' in page.text


def test_every_page_of_a_course_shows_times_in_its_zone(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    members.assignment.deadline = datetime(2027, 7, 1, 16, tzinfo=UTC)
    members.assignment.hold_marks = True
    members.assignment.released_at = datetime(2026, 7, 1, 16, tzinfo=UTC)
    session.add(
        Extension(assignment_id=members.assignment.id, account_id=members.ada.id, attempt_limit=3)
    )
    added = factories.make_account(session, "New", "new@example.edu")
    factories.enrol(session, members.course, added)
    session.get_one(Enrolment, (members.course.id, added.id)).may_reset = True
    session.commit()
    here = "/courses/demo/assignments/autograd"
    assert "18:00 CEST" in teacher.get(f"{here}/extensions/remove?student=ada@example.edu").text
    assert "18:00 CEST" in teacher.get(f"{here}/release").text
    link = teacher.post("/courses/demo/people/new@example.edu/link").text
    assert re.search(r"\d\d:\d\d (CET|CEST)</time>", link)


@pytest.mark.parametrize(("who", "is_link"), [("teacher", True), ("assistant", False)])
def test_an_empty_gradebook_offers_only_what_the_viewer_may(
    app: Flask, session: Session, members: Class, who: str, is_link: bool
) -> None:
    browser = signed_in(app, getattr(members, who))
    session.delete(members.assignment)
    session.commit()
    page = browser.get("/courses/demo/gradebook").text
    assert "No assignments yet" in page
    assert ("/courses/demo/new-assignment" in page) is is_link
    for student in (members.ada, members.blaise):
        session.delete(session.get_one(Enrolment, (members.course.id, student.id)))
    session.commit()
    page = browser.get("/courses/demo/gradebook").text
    assert "No students yet" in page
    assert ("Add students" in page) is is_link


@pytest.mark.parametrize(
    ("address", "data", "message"),
    [
        (
            "/courses/demo/settings",
            {"slug": "demo", "title": "New", "time_zone": "UTC"},
            "The settings were saved.",
        ),
        (NEW, FORM, "The assignment was created."),
        (EDIT, FORM, "The assignment was saved."),
        (f"{LONG}/delete", {}, "The assignment was deleted."),
        (f"{LONG}/close", {}, "The assignment is closed."),
        (f"{LONG}/open", {}, "The assignment accepts submissions again."),
        (
            f"{LONG}/extensions",
            {"email": "ada@example.edu", "attempt_limit": "3"},
            "The extension of Ada was saved.",
        ),
        (
            f"{LONG}/extensions/remove",
            {"email": "ada@example.edu"},
            "The extension of Ada was removed.",
        ),
        (f"{LONG}/release", {}, "The marks were released."),
        (
            "/courses/demo/students/ada@example.edu/marks/autograd",
            {"action": "set", "score": "5", "reason": "oral"},
            "The mark was set.",
        ),
        ("/courses/demo/people/codes", {"days": "7"}, "The join code was created."),
    ],
)
def test_the_next_page_says_what_was_done(
    teacher: FlaskClient,
    session: Session,
    members: Class,
    address: str,
    data: dict[str, str],
    message: str,
) -> None:
    members.assignment.hold_marks = True
    if address.endswith("/extensions/remove"):
        session.add(
            Extension(
                assignment_id=members.assignment.id, account_id=members.ada.id, attempt_limit=3
            )
        )
    session.commit()
    page = teacher.post(address, data=data, follow_redirects=True)
    assert page.status_code == 200
    assert page.text.count(message) == 1
    assert message not in teacher.get("/courses/demo").text


def test_the_review_says_what_was_done(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    report = factories.make_report(factories.make_suite("rules", factories.make_case()))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    here = f"/submissions/{submission.id}"
    page = teacher.post(f"{here}/comments", data={"text": "Why?"}, follow_redirects=True).text
    assert "The comment was added." in page
    (question,) = re.findall(rf"{here}/comments/[^/]+/delete", page)
    asked = teacher.get(question).text
    assert 'aria-label="Course"' in asked
    assert ">Delete the comment</button>" in asked
    page = teacher.post(question, follow_redirects=True).text
    assert "The comment was deleted." in page
    removal = {"action": "remove", "reason": "mix-up"}
    teacher.post(f"{here}/override", data={"score": "5", "reason": "oral"})
    page = teacher.post(f"{here}/override", data=removal, follow_redirects=True).text
    assert "The mark set by hand was removed." in page
    page = teacher.post(f"{here}/regrade", follow_redirects=True).text
    assert "The submission will be graded again." in page


def test_pages_that_ask_first_have_the_navigation_of_the_course(
    teacher: FlaskClient, session: Session, members: Class
) -> None:
    session.add(
        Extension(assignment_id=members.assignment.id, account_id=members.ada.id, attempt_limit=3)
    )
    session.commit()
    removal = f"{LONG}/extensions/remove?student=ada@example.edu"
    for address, back in (
        ("/courses/demo/delete", "/courses/demo/settings"),
        (f"{LONG}/release", LONG),
        (removal, f"{LONG}/extensions"),
    ):
        page = teacher.get(address).text
        assert 'aria-label="Course"' in page, address
        assert f'class="button plain" href="{back}"' in page, address
    assert ">Remove the extension</button>" in teacher.get(removal).text
