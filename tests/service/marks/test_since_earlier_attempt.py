"""What a student learns about the attempt before: on the page and in the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import Feedback
from service.store.base import now
from service.submissions.models import Status, Submission
from tests.service.conftest import Class, signed_in
from tests.service.marks.test_insights import TANH, UNREADABLE
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

CHANGED = make_report(
    make_suite("rules", make_case("sum", Verdict.WRONG_VALUE), make_case("tanh"), points=100.0)
)
SENTENCE = "Since attempt 1: 1 test fixed, 1 broken."
GONE = " This mistake is gone: The slope of tanh is wrong."


@pytest.fixture
def second(members: Class, session: Session) -> Submission:
    factories.make_graded(session, members.assignment, members.ada, TANH)
    made = factories.make_graded(session, members.assignment, members.ada, CHANGED, attempt=2)
    session.commit()
    return made


def read(client: FlaskClient, members: Class, which: Submission, query: str = "") -> Any:
    path = f"/api/v1/submissions/{which.id}{query}"
    answer = client.get(path, headers=members.bearer(members.ada))
    assert answer.status_code == 200
    assert answer.json is not None
    return answer.json["since"]


def test_the_report_begins_with_what_changed(
    app: Flask, client: FlaskClient, members: Class, second: Submission
) -> None:
    assert SENTENCE + GONE in signed_in(app, members.ada).get(f"/submissions/{second.id}").text
    since = read(client, members, second)
    assert since["sentence"] == SENTENCE + GONE
    assert (since["attempt"], since["gone"], since["new"]) == (
        1,
        ["The slope of tanh is wrong"],
        [],
    )
    assert since["fixed"] == [{"suite": "rules", "id": "tanh", "title": "The tanh of two numbers"}]
    assert [change["id"] for change in since["broken"]] == ["sum"]
    assert read(client, members, second, "?report=0") is None


@pytest.mark.parametrize(
    ("level", "expected"),
    [(Feedback.TESTS, SENTENCE), (Feedback.SCORE, None), (Feedback.NOTHING_UNTIL_DEADLINE, None)],
)
def test_nothing_that_is_hidden_shows_in_what_changed(
    app: Flask,
    client: FlaskClient,
    members: Class,
    session: Session,
    second: Submission,
    level: Feedback,
    expected: str | None,
) -> None:
    members.assignment.feedback = level
    members.assignment.deadline = now() + timedelta(days=1)
    session.commit()
    since = read(client, members, second)
    assert (since and since["sentence"]) == expected
    assert not since or (since["gone"], since["new"]) == ([], [])
    page = signed_in(app, members.ada).get(f"/submissions/{second.id}").text
    assert ("Since attempt 1" in page) == (expected is not None)
    assert "The slope of tanh" not in page


def test_a_first_attempt_has_nothing_to_compare(
    client: FlaskClient, members: Class, session: Session
) -> None:
    first = factories.make_graded(session, members.assignment, members.ada, TANH)
    session.commit()
    assert read(client, members, first) is None


def test_attempts_that_could_not_be_tested_are_passed_over(
    client: FlaskClient, members: Class, session: Session, second: Submission
) -> None:
    factories.make_graded(session, members.assignment, members.ada, UNREADABLE, attempt=3)
    fourth = factories.make_graded(session, members.assignment, members.ada, CHANGED, attempt=4)
    session.commit()
    assert read(client, members, fourth)["attempt"] == second.attempt


def test_while_it_is_graded_again_nothing_is_compared(
    client: FlaskClient, members: Class, session: Session, second: Submission
) -> None:
    factories.regrade(session, second, Status.RUNNING)
    session.commit()
    assert read(client, members, second) is None
