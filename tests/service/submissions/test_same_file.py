"""A file that was submitted before: the API says so, and the page asks first."""

from __future__ import annotations

import io
import re
import uuid
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.people.models import Account
from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Problem, ProblemKind

ADDRESS = "/courses/demo/assignments/autograd/submissions"
OTHER = "class Scalar:\n    pass\n"


def same_as(client: FlaskClient, members: Class, **fields: str | Account) -> str | None:
    response = submit_source(client, members, **fields)  # type: ignore[arg-type]
    assert response.status_code == 202
    assert response.json is not None
    found: str | None = response.json["same_as"]
    return found


def stored(session: Session) -> dict[int, Any]:
    """The submissions by attempt. Nothing stays locked."""
    query = select(
        Submission.attempt,
        Submission.id,
        Submission.source,
        Submission.sha256,
        Submission.filename,
    )
    found = {row.attempt: row for row in session.execute(query.order_by(Submission.attempt))}
    session.commit()
    return found


def upload(
    guest: FlaskClient, *, source: str = factories.SOURCE, name: str = "value.py", form: str = "f"
) -> TestResponse:
    content = io.BytesIO(source.encode())
    return guest.post(ADDRESS, data={"form": form, "file": (content, name)})


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the question's form."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


@pytest.fixture
def graded(members: Class, session: Session) -> Submission:
    """Ada's second attempt, with 80 points; the first has another file."""
    of_ada = (session, members.assignment, members.ada)
    report = make_report(make_suite("rules", make_case()))
    factories.make_graded(*of_ada, report, source=OTHER)
    second = factories.make_graded(*of_ada, report, attempt=2)
    session.commit()
    return second


def test_the_api_names_the_newest_own_submission_of_the_same_file(
    client: FlaskClient, members: Class, session: Session
) -> None:
    assert same_as(client, members) is None
    assert same_as(client, members, source=OTHER) is None
    assert same_as(client, members) == str(stored(session)[1].id)
    assert same_as(client, members) == str(stored(session)[3].id)


def test_the_same_file_of_another_person_or_assignment_is_not_named(
    client: FlaskClient, members: Class, session: Session
) -> None:
    assert same_as(client, members) is None
    assert same_as(client, members, by=members.blaise) is None
    other = factories.make_assignment(session, members.course, "other")
    factories.make_submission(session, other, members.teacher)
    session.commit()
    assert same_as(client, members, by=members.teacher) is None


def test_a_request_that_is_sent_twice_has_the_same_answer(
    client: FlaskClient, members: Class, session: Session
) -> None:
    first = same_as(client, members)
    for key in ("one", "one", "two", "one"):
        answer = submit_source(client, members, key=key).json
        assert answer is not None
        expected = {"one": 1, "two": 2}[key]
        earlier = stored(session)[expected].id
        assert (answer["attempt"], answer["same_as"]) == (expected + 1, str(earlier))
    assert first is None


def test_a_page_asks_before_it_submits_the_same_file_again(
    app: Flask, members: Class, session: Session, graded: Submission
) -> None:
    members.assignment.attempt_limit = 3
    session.commit()
    guest = signed_in(app, members.ada)
    response = upload(guest, name="again & again.py")
    assert response.status_code == 303
    assert list(stored(session)) == [1, 2]
    question = urlsplit(response.location)
    assert question.path == f"{ADDRESS}/{graded.id}/again"
    assert parse_qs(question.query) == {"filename": ["again & again.py"]}
    page = guest.get(response.location).text
    assert f'<a href="/submissions/{graded.id}">attempt 2</a>' in page
    assert "80 of 80" in page
    assert "use up the one attempt that you have left" in page
    fields = fields_of(page)
    assert fields["again"] == str(graded.id)
    answers = [guest.post(ADDRESS, data=fields | {"filename": "2.py"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    third = stored(session)[3]
    assert [each.location for each in answers] == [f"/submissions/{third.id}"] * 2
    assert list(stored(session)) == [1, 2, 3]
    assert (third.source, third.sha256, third.filename) == (graded.source, graded.sha256, "2.py")


def test_the_question_says_that_an_ungradable_file_costs_no_attempt(
    app: Flask, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    problem = Problem(kind=ProblemKind.NO_CLASS, message="There is no class.")
    report = make_report(make_suite("rules", make_case()), problem=problem)
    factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    guest = signed_in(app, members.ada)
    page = guest.get(upload(guest).location).text
    assert "A file that can't be graded doesn't use up an attempt." in page
    assert "It would use up" not in page


def test_pasted_code_that_was_submitted_before_is_asked_about_too(
    app: Flask, members: Class, session: Session, graded: Submission
) -> None:
    code = factories.SOURCE.replace("\n", "\r\n")
    response = signed_in(app, members.ada).post(ADDRESS, data={"form": "f", "source": code})
    assert response.location.startswith(f"{ADDRESS}/{graded.id}/again?")
    assert list(stored(session)) == [1, 2]


def test_a_double_click_on_a_new_file_submits_once_without_a_question(
    app: Flask, members: Class, session: Session
) -> None:
    guest = signed_in(app, members.ada)
    answers = [upload(guest).location for _ in range(2)]
    assert answers == [f"/submissions/{stored(session)[1].id}"] * 2


def test_a_file_that_we_failed_to_grade_is_accepted_again_without_a_question(
    app: Flask, members: Class, session: Session
) -> None:
    failed = factories.make_submission(session, members.assignment, members.ada)
    factories.give_up(failed.grading)
    session.commit()
    assert "/again" not in upload(signed_in(app, members.ada)).location
    assert list(stored(session)) == [1, 2]


def test_a_full_limit_is_reported_before_a_question_is_asked(
    app: Flask, members: Class, session: Session, graded: Submission
) -> None:
    members.assignment.attempt_limit = 2
    session.commit()
    guest = signed_in(app, members.ada)
    assert upload(guest).status_code == 409
    again = guest.post(ADDRESS, data={"form": "f", "again": str(graded.id)})
    assert again.status_code == 409
    assert "used all your attempts" in again.text
    assert list(stored(session)) == [1, 2]


def test_only_the_own_submissions_of_an_assignment_can_be_submitted_again(
    app: Flask, members: Class, session: Session, graded: Submission
) -> None:
    other = factories.make_assignment(session, members.course, "other")
    elsewhere = factories.make_submission(session, other, members.ada, attempt=3)
    session.commit()
    for person, submission_id in (
        (members.blaise, graded.id),
        (members.teacher, graded.id),
        (members.ada, elsewhere.id),
        (members.ada, uuid.uuid4()),
    ):
        guest = signed_in(app, person)
        assert guest.get(f"{ADDRESS}/{submission_id}/again").status_code == 404
        data = {"form": "f", "again": str(submission_id)}
        assert guest.post(ADDRESS, data=data).status_code == 404
    assert list(stored(session)) == [1, 2, 3]
    assert signed_in(app, members.ada).post(ADDRESS, data={"again": "x"}).status_code == 422
