"""The long and the short address of an assignment, and the navigation of a course."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import Role
from tests.service.conftest import Class, signed_in
from tests.support import factories

LONG = "/courses/demo/assignments/autograd"


@pytest.fixture
def twice(session: Session, members: Class) -> None:
    """Ada is in two courses that have an assignment `autograd`, and there is a third."""
    for slug, student in (("another", members.ada), ("third", members.stranger)):
        course = factories.make_course(session, slug, title=slug.title())
        factories.make_assignment(session, course, "autograd")
        factories.enrol(session, course, student)
    session.commit()


@pytest.mark.parametrize("below", ["", "/grades.csv", "/edit?x=1&y=%2F"])
def test_a_short_address_leads_to_the_long_one(app: Flask, members: Class, below: str) -> None:
    browser = signed_in(app, members.ada)
    answer = browser.get(f"/assignments/autograd{below}")
    assert (answer.status_code, answer.location) == (303, LONG + below)


def test_a_form_sent_to_a_short_address_is_sent_on(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.teacher)
    answer = browser.post("/assignments/autograd/close")
    assert (answer.status_code, answer.location) == (307, f"{LONG}/close")
    shown = browser.post("/assignments/autograd/close", follow_redirects=True)
    assert "Open again" in shown.text


@pytest.mark.usefixtures("twice")
def test_a_short_address_of_two_courses_asks_which(app: Flask, members: Class) -> None:
    browser = signed_in(app, members.ada)
    page = browser.get("/assignments/autograd/edit?x=1")
    assert page.status_code == 200
    links = re.findall(r'href="(/courses/[^"]+)"', page.text)
    assert links == ["/courses/another/assignments/autograd/edit?x=1", f"{LONG}/edit?x=1"]
    assert browser.post("/assignments/autograd/close").status_code == 409


@pytest.mark.usefixtures("twice")
def test_in_the_api_an_ambiguous_address_is_a_conflict(client: FlaskClient, members: Class) -> None:
    headers = members.bearer(members.ada)
    for below in ("", "/submissions"):
        answer = client.get(f"/api/v1/assignments/autograd{below}", headers=headers)
        assert answer.status_code == 409
        error = (answer.json or {})["error"]
        assert error["code"] == "ambiguous"
        assert error["fields"] == {"addresses": ["/courses/another/assignments/autograd", LONG]}
    long = client.get(f"/api/v1{LONG}", headers=headers)
    assert (long.json or {})["course"] == "demo"
    other = client.get("/api/v1/assignments/autograd", headers=members.bearer(members.blaise))
    assert (other.json or {})["course"] == "demo"


def test_nobody_learns_of_an_assignment_by_its_short_address(app: Flask, members: Class) -> None:
    assert signed_in(app, members.stranger).get("/assignments/autograd").status_code == 404
    signed_out = app.test_client().get("/assignments/autograd", headers={"Accept": "text/html"})
    assert signed_out.location == "/sign-in?next=%2Fassignments%2Fautograd"


@pytest.mark.parametrize(
    ("who", "parts"),
    [
        ("assistant", ["Assignments", "Gradebook", "People"]),
        ("teacher", ["Assignments", "Gradebook", "People", "Settings", "Audit"]),
    ],
)
def test_a_course_shows_where_a_person_may_go(
    app: Flask, members: Class, who: str, parts: list[str]
) -> None:
    browser = signed_in(app, getattr(members, who))
    for page, current in (("/courses/demo", "page"), (LONG, "true")):
        text = browser.get(page).text
        navigation = text.partition('aria-label="Course"')[2].partition("</nav>")[0]
        assert re.findall(r">([^<>\s]+)</a>", navigation) == parts
        assert f'href="/courses/demo" aria-current="{current}"' in navigation


def test_a_student_has_no_navigation_of_a_course(app: Flask, members: Class) -> None:
    assert 'aria-label="Course"' not in signed_in(app, members.ada).get("/courses/demo").text


def test_the_gradebook_is_the_current_part_of_its_course(
    app: Flask, members: Class, session: Session
) -> None:
    factories.enrol(session, members.course, members.stranger, Role.ASSISTANT)
    session.commit()
    text = signed_in(app, members.stranger).get("/courses/demo/gradebook").text
    assert 'href="/courses/demo/gradebook" aria-current="page"' in text
    assert text.count('aria-current="page"') == 2  # the other one is in the crumbs
