"""When a submission is accepted: opening, deadline, extension, attempts, pause, and staff."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.courses.models import Extension, LatePolicy
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Grading, Submission
from service.web.request import ARRIVED_AT
from tests.service.conftest import Class, MakeApp, make_class, signed_in, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Problem, ProblemKind, Verdict

POSTS = 50
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def error_of(response: TestResponse) -> tuple[int, str]:
    assert response.json is not None
    return response.status_code, response.json["error"]["code"]


def extend(session: Session, members: Class, **fields: Any) -> None:
    session.add(Extension(assignment_id=members.assignment.id, account_id=members.ada.id, **fields))
    session.commit()


def post_at(client: FlaskClient, members: Class, arrived_at: datetime) -> TestResponse:
    """Submit a file whose last byte arrived at a moment."""
    return client.post(
        "/api/v1/assignments/autograd/submissions",
        json={"filename": "value.py", "source": factories.SOURCE},
        headers=members.bearer(members.ada),
        environ_overrides={ARRIVED_AT: arrived_at},
    )


def test_before_it_opens_an_assignment_accepts_nothing_and_says_when_it_opens(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    opens_at = now() + DAY
    members.assignment.opens_at = opens_at
    session.commit()
    response = submit_source(client, members)
    assert error_of(response) == (409, "not_open_yet")
    assert response.json is not None
    assert f"{opens_at:%Y-%m-%d at %H:%M} UTC" in response.json["error"]["message"]
    page = signed_in(app, members.ada).get("/assignments/autograd", follow_redirects=True).text
    assert "This assignment opens on" in page
    assert "Submit the file" not in page
    assert post_at(client, members, opens_at).status_code == 202


def test_a_submission_counts_from_when_it_had_arrived(
    client: FlaskClient, members: Class, session: Session
) -> None:
    deadline = now() - HOUR
    members.assignment.deadline = deadline
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    assert post_at(client, members, deadline).status_code == 202
    late = post_at(client, members, deadline + timedelta(microseconds=1))
    assert error_of(late) == (409, "closed")
    assert session.scalars(select(Submission)).one().submitted_at == deadline


def test_a_late_submission_is_accepted_within_the_grace(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline, members.assignment.grace_minutes = now() - HOUR, 90
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    assert submit_source(client, members).status_code == 202


def test_an_extension_opens_a_closed_deadline_for_one_student(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline = now() - DAY
    members.assignment.late_policy = LatePolicy.REFUSE
    extend(session, members, deadline=now() + timedelta(days=2, minutes=1))
    assert submit_source(client, members).status_code == 202
    assert error_of(submit_source(client, members, by=members.blaise)) == (409, "closed")
    for path in ("/assignments/autograd", "/courses/demo"):
        page = signed_in(app, members.ada).get(path, follow_redirects=True).text
        assert "in 2 days, extended for you" in page
        page = signed_in(app, members.blaise).get(path, follow_redirects=True).text
        assert "extended" not in page
    read = client.get("/api/v1/assignments/autograd", headers=members.bearer(members.ada)).json
    assert read is not None
    assert read["closed"] is False
    assert read["your_deadline"] > read["deadline"]


def test_an_extension_gives_one_student_more_attempts(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 1
    extend(session, members, attempt_limit=2)
    for by in (members.ada, members.ada, members.blaise):
        assert submit_source(client, members, by=by).status_code == 202
    for by in (members.ada, members.blaise):
        assert error_of(submit_source(client, members, by=by)) == (409, "no_attempts_left")
    page = signed_in(app, members.ada).get("/assignments/autograd", follow_redirects=True).text
    assert "0 of 2" in page


def test_between_two_attempts_there_is_a_pause(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.pause_minutes = 30
    session.commit()
    first = now()
    assert post_at(client, members, first).status_code == 202
    response = post_at(client, members, first + timedelta(minutes=20))
    assert error_of(response) == (429, "too_many_requests")
    assert response.headers["Retry-After"] == "600"
    page = signed_in(app, members.ada).get("/assignments/autograd", follow_redirects=True).text
    assert "There is a pause between two attempts." in page
    assert post_at(client, members, first + timedelta(minutes=30)).status_code == 202


def test_nobody_waits_longer_than_the_pause_after_the_clock_is_set_back(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.pause_minutes = 30
    for attempt, minutes in enumerate((2, 29, 31), 1):
        later = now() + timedelta(minutes=minutes)
        factories.make_submission(
            session, members.assignment, members.ada, attempt=attempt, submitted_at=later
        )
    session.commit()
    assert post_at(client, members, now()).status_code == 202
    response = post_at(client, members, now())
    assert error_of(response) == (429, "too_many_requests")
    assert int(response.headers["Retry-After"]) <= 30 * 60


def test_a_file_that_could_not_be_graded_starts_no_pause(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.pause_minutes = 30
    session.commit()
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="'(' was never closed", line=3)
    report = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=problem)
    for _ in range(3):
        assert submit_source(client, members).status_code == 202
        assert submit_source(client, members).status_code == 429
        newest = session.scalars(select(Grading).order_by(Grading.queued_at.desc())).first()
        assert newest is not None
        factories.finish(newest, report)
        session.commit()


def test_a_preview_of_a_regrade_spends_no_attempt(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 1
    submission = factories.make_submission(session, members.assignment, members.ada)
    factories.give_up(submission.grading)
    factories.regrade(session, submission).preview = True
    session.commit()
    assert submit_source(client, members).status_code == 202


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_staff_try_an_assignment_out_without_limits(
    app: Flask, client: FlaskClient, members: Class, session: Session, who: str
) -> None:
    assignment, by = members.assignment, getattr(members, who)
    assignment.attempt_limit, assignment.pause_minutes = 1, 60
    assignment.opens_at, assignment.closed_at = now() + DAY, now() - DAY
    assignment.deadline, assignment.late_policy = now() - DAY, LatePolicy.REFUSE
    session.commit()
    for _ in range(3):
        assert submit_source(client, members, by=by).status_code == 202
    read = client.get("/api/v1/assignments/autograd", headers=members.bearer(by)).json
    assert read is not None
    assert read["attempts_left"] is None
    page = signed_in(app, by).get("/assignments/autograd", follow_redirects=True).text
    assert "no deadline, attempt limit or pause applies to you" in page
    assert "Submit the file" in page


def post_at_once(
    make_app: MakeApp, settings: Settings, members: Class, people: list[Account]
) -> list[TestResponse]:
    """One submission for each entry of `people`, all at the same moment."""
    app = make_app(settings)
    start = threading.Barrier(len(people))

    def post(person: Account) -> TestResponse:
        client = app.test_client()
        start.wait(timeout=60)
        return submit_source(client, members, by=person)

    with ThreadPoolExecutor(len(people)) as pool:
        return list(pool.map(post, people))


@pytest.fixture
def busy(database_settings: Settings) -> Settings:
    """An installation that takes many submissions in a minute, on either database."""
    return replace(database_settings, submissions_per_minute=10 * POSTS)


def test_limits_deadlines_and_extensions_hold_under_concurrent_posts(
    busy: Settings, make_app: MakeApp
) -> None:
    engine = make_engine(busy)
    with make_sessions(engine)() as session:
        members = make_class(session)
        assignment = members.assignment
        assignment.attempt_limit = 3
        assignment.deadline, assignment.late_policy = now() - DAY, LatePolicy.REFUSE
        extend(session, members, deadline=now() + DAY, attempt_limit=5)
        people = [members.ada, members.blaise] * (POSTS // 2)
        answers = post_at_once(make_app, busy, members, people)
        outcomes = [
            (person.email, answer.status_code, (answer.json or {}).get("attempt"))
            for person, answer in zip(people, answers, strict=True)
        ]
        of_ada = sorted(each[1:] for each in outcomes if each[0] == members.ada.email)
        assert of_ada[:5] == [(202, number) for number in range(1, 6)]
        assert of_ada[5:] == [(409, None)] * (POSTS // 2 - 5)
        of_blaise = {each[1] for each in outcomes if each[0] == members.blaise.email}
        assert of_blaise == {409}
        session.rollback()
        stored = session.scalars(select(Submission.attempt).order_by(Submission.attempt))
        assert list(stored) == [1, 2, 3, 4, 5]
    engine.dispose()


def test_a_pause_holds_under_concurrent_posts(busy: Settings, make_app: MakeApp) -> None:
    engine = make_engine(busy)
    with make_sessions(engine)() as session:
        members = make_class(session)
        members.assignment.pause_minutes = 60
        session.commit()
        answers = post_at_once(make_app, busy, members, [members.ada] * POSTS)
        assert sorted(each.status_code for each in answers) == [202] + [429] * (POSTS - 1)
    engine.dispose()
