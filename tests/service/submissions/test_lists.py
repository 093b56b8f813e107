"""Lists of submissions and assignments, on pages and over the API."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.store.base import now
from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories


@pytest.mark.usefixtures("queued")
def test_courses_and_assignments_can_be_read(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    members.assignment.deadline = now()
    session.commit()
    headers = members.bearer(members.ada)
    assert client.get("/api/v1/courses", headers=headers).json == {
        "courses": [
            {
                "slug": "demo",
                "title": "Backpropagation",
                "time_zone": "UTC",
                "role": "student",
                "assignments": ["autograd"],
            }
        ]
    }
    body = client.get("/api/v1/assignments/autograd", headers=headers).json
    assert body is not None
    assert (body["attempt_limit"], body["attempts_left"], body["closed"]) == (3, 2, False)
    assert body["suites"] == [
        {"name": "worked-example", "points": 20.0},
        {"name": "rules", "points": 80.0},
    ]
    assert body["max_score"] == 100.0
    assert body["deadline"].endswith("Z")
    nothing = {"class_name": None, "data": None, "grad": None, "backward": None}
    assert (body["names"], body["draw_per_student"]) == (nothing, False)
    assert body["require_double"] is False


def test_an_assignment_lists_the_names_that_an_engine_must_have(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.class_name, members.assignment.backward_name = "Scalar", "backprop"
    members.assignment.draw_per_student = members.assignment.require_double = True
    session.commit()
    body = client.get("/api/v1/assignments/autograd", headers=members.bearer(members.ada)).json
    assert body is not None
    names = {"class_name": "Scalar", "data": None, "grad": None, "backward": "backprop"}
    assert (body["names"], body["draw_per_student"]) == (names, True)
    assert body["require_double"] is True
    assert str(members.assignment.seed) not in str(
        body
    )  # so nobody can generate the graphs beforehand


@pytest.mark.usefixtures("done")
def test_students_list_their_own_submissions_and_staff_everybodys(
    client: FlaskClient, members: Class, session: Session
) -> None:
    factories.make_submission(session, members.assignment, members.blaise)
    factories.make_submission(session, members.assignment, members.ada, attempt=2)
    session.commit()

    def listed(who: str) -> list[tuple[str, int]]:
        headers = members.bearer(getattr(members, who))
        body = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
        assert body is not None
        return [(each["student"], each["attempt"]) for each in body["submissions"]]

    assert listed("ada") == [("ada@example.edu", 2), ("ada@example.edu", 1)]
    assert listed("blaise") == [("blaise@example.edu", 1)]
    assert listed("assistant") == [
        ("ada@example.edu", 2),
        ("blaise@example.edu", 1),
        ("ada@example.edu", 1),
    ]


def many_submissions(session: Session, members: Class, count: int) -> list[Submission]:
    """Ada's submissions, the oldest first, a minute apart."""
    began = now() - timedelta(days=1)
    made = [
        factories.make_submission(
            session,
            members.assignment,
            members.ada,
            attempt=attempt,
            submitted_at=began + timedelta(minutes=attempt),
        )
        for attempt in range(1, count + 1)
    ]
    session.commit()
    return made


def test_the_newest_submissions_are_listed_and_older_ones_on_request(
    client: FlaskClient, members: Class, session: Session
) -> None:
    many_submissions(session, members, 101)
    headers = members.bearer(members.ada)

    def listed(query: str) -> tuple[list[int], str | None]:
        body = client.get(f"/api/v1/assignments/autograd/submissions{query}", headers=headers).json
        assert body is not None
        return [each["attempt"] for each in body["submissions"]], body["next"]

    attempts, last = listed("")
    assert attempts == list(range(101, 1, -1))
    assert listed(f"?before={last}") == ([1], None)
    attempts, last = listed("?limit=2")
    assert attempts == [101, 100]
    attempts, _ = listed(f"?limit=2&before={last}")
    assert attempts == [99, 98]
    assert listed("?limit=101") == (list(range(101, 0, -1)), None)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        *((f"limit={limit}", "limit") for limit in ("0", "501", "-1", "many", "1.5", "", "9" * 99)),
        *((f"before={before}", "before") for before in ("", "yesterday", "%00", uuid.UUID(int=7))),
    ],
)
def test_an_invalid_limit_or_position_is_422(
    client: FlaskClient, members: Class, query: str, field: str
) -> None:
    response = client.get(
        f"/api/v1/assignments/autograd/submissions?{query}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {field}


def test_a_list_cannot_continue_from_a_submission_of_another_student(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    path = f"/api/v1/assignments/autograd/submissions?before={done.id}"
    assert client.get(path, headers=members.bearer(members.blaise)).status_code == 422
    assert client.get(path, headers=members.bearer(members.ada)).status_code == 200


def test_pages_list_the_newest_attempts_and_link_to_older_ones(
    app: Flask, members: Class, session: Session
) -> None:
    made = many_submissions(session, members, 120)

    def linked(text: str) -> set[int]:
        return {each.attempt for each in made if f'href="/submissions/{each.id}' in text}

    def older(text: str) -> str:
        (address,) = re.findall(r'href="([^"#]+)(?:#own)?">Older', text)
        return str(address)

    ada, teacher = signed_in(app, members.ada), signed_in(app, members.teacher)
    for guest, path, current in (
        (ada, "/courses/demo/assignments/autograd", set()),
        (teacher, f"/submissions/{made[0].id}/review", {1}),
    ):
        newest = guest.get(path).text
        assert linked(newest) == set(range(71, 121)) | current
        assert "Newest" not in newest
        then = guest.get(older(newest)).text
        assert linked(then) == set(range(21, 71)) | current
        last = guest.get(older(then)).text
        assert linked(last) == set(range(1, 21))
        assert "Newest" in last
        assert "Older" not in last


def test_pages_show_a_mark_out_of_the_points_that_it_was_graded_with(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    for suite in members.assignment.suites:
        suite.weight = 5.0
    session.commit()
    course, assignment = members.course.slug, members.assignment.slug
    pages = {
        members.ada: [f"/courses/{course}", f"/courses/{course}/assignments/{assignment}"],
        members.teacher: [
            f"/courses/{course}/gradebook",
            f"/courses/{course}/assignments/{assignment}",
            f"/submissions/{done.id}/review",
        ],
    }
    given = done.grading.max_score
    for viewer, addresses in pages.items():
        for address in addresses:
            text = signed_in(app, viewer).get(address).text
            assert f"of {given:g}<" in text, address
            assert f"{done.grading.score:g} of 10<" not in text, address


def test_a_page_of_a_list_that_does_not_exist_is_rejected(
    app: Flask, members: Class, done: Submission
) -> None:
    for path in ("/courses/demo/assignments/autograd", f"/submissions/{done.id}/review"):
        page = signed_in(app, members.teacher).get(f"{path}?before=yesterday")
        assert page.status_code == 422
