"""What spends an attempt: files that could be graded, and those that may still be."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from service.courses.models import Extension
from service.marks.gradebook import mark_of
from service.submissions.models import Grading, Status, Submission
from tests.service.conftest import Class, signed_in, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Problem, ProblemKind, Report, Verdict

GRADED = make_report(make_suite("rules", make_case()))


def error_of(response: TestResponse) -> tuple[int, str]:
    assert response.json is not None
    return response.status_code, response.json["error"]["code"]


def count(session: Session) -> int:
    session.rollback()
    return session.scalars(select(func.count(Submission.id))).one()


def ungradable(kind: ProblemKind = ProblemKind.SYNTAX_ERROR) -> Report:
    problem = Problem(kind=kind, message="'(' was never closed", line=3)
    return make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=problem)


def test_no_attempts_left_is_409_and_our_errors_use_up_none(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 2
    session.commit()
    for _ in range(2):
        assert submit_source(client, members).status_code == 202
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")
    factories.give_up(session.scalars(select(Grading)).all()[0])
    session.commit()
    assert submit_source(client, members).json is not None
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")
    assert count(session) == 3


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.ERRORED])
def test_a_regrade_gives_no_additional_attempt(
    client: FlaskClient, members: Class, session: Session, status: Status
) -> None:
    members.assignment.attempt_limit = 1
    report = make_report(make_suite("rules", make_case()))
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    factories.regrade(session, graded, status)
    session.commit()
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")


def test_a_successful_regrade_after_our_error_uses_up_the_attempt(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 1
    failed = factories.make_submission(session, members.assignment, members.ada)
    factories.give_up(failed.grading)
    factories.regrade(session, failed)
    session.commit()
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_a_file_with_a_problem_spends_no_attempt(
    client: FlaskClient, members: Class, session: Session, kind: ProblemKind
) -> None:
    members.assignment.attempt_limit = 1
    session.commit()
    first = submit_source(client, members)
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")  # not graded yet
    factories.finish(session.scalars(select(Grading)).one(), ungradable(kind))
    session.commit()
    second = submit_source(client, members)
    assert [each.json and each.json["attempt"] for each in (first, second)] == [1, 2]
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_a_file_with_a_problem_spends_an_attempt_while_it_is_graded_again(
    client: FlaskClient, members: Class, session: Session, status: Status
) -> None:
    members.assignment.attempt_limit = 1
    rejected = factories.make_graded(session, members.assignment, members.ada, ungradable())
    again = factories.regrade(session, rejected, status)
    session.commit()
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")
    factories.finish(again, ungradable())
    session.commit()
    assert submit_source(client, members).status_code == 202


def test_a_graded_file_that_has_a_problem_later_still_spends_its_attempt(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 1
    graded = factories.make_graded(session, members.assignment, members.ada, GRADED)
    factories.finish(factories.regrade(session, graded), ungradable())
    session.commit()
    assert error_of(submit_source(client, members)) == (409, "no_attempts_left")


def test_the_api_says_which_submissions_spend_an_attempt(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    make, of_ada = factories.make_graded, (session, members.assignment, members.ada)
    good, bad = make(*of_ada, GRADED), make(*of_ada, ungradable(), attempt=2)
    factories.give_up(factories.make_submission(*of_ada, attempt=3).grading)
    session.commit()
    headers = members.bearer(members.ada)
    listed = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
    assert listed is not None
    assert [each["spends_attempt"] for each in listed["submissions"]] == [False, False, True]
    for person in (members.ada, members.teacher):
        for submission, spends in ((good, True), (bad, False)):
            path = f"/api/v1/submissions/{submission.id}"
            read = client.get(path, headers=members.bearer(person)).json
            assert read is not None
            assert read["spends_attempt"] is spends
            assert (read["attempts_left"], read["attempt_limit"]) == (2, 3)


def test_the_limit_and_what_is_left_of_it_are_those_of_the_extension(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    done = factories.make_graded(session, members.assignment, members.ada, GRADED)
    of_ada = {"assignment_id": members.assignment.id, "account_id": members.ada.id}
    session.add(Extension(**of_ada, attempt_limit=9))
    session.commit()
    path = f"/api/v1/submissions/{done.id}"
    for person in (members.ada, members.teacher):
        read = client.get(path, headers=members.bearer(person)).json
        assert read is not None
        assert (read["attempts_left"], read["attempt_limit"]) == (8, 9)


def test_pages_say_why_an_attempt_did_not_count(
    app: Flask, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 3
    of_ada = (session, members.assignment, members.ada)
    good = factories.make_graded(*of_ada, GRADED)
    bad = factories.make_graded(*of_ada, ungradable(), attempt=2)
    failed = factories.make_submission(*of_ada, attempt=3)
    factories.give_up(failed.grading)
    session.commit()
    guest = signed_in(app, members.ada)
    because = "2 of 3 attempts left. This one didn't count, because"
    for submission, text in (
        (good, "2 of 3 attempts left.</p>"),
        (bad, f"{because} the file couldn't be graded."),
        (failed, f"{because} grading failed on our side."),
    ):
        page = guest.get(f"/submissions/{submission.id}").text.replace("&#39;", "'")
        assert text in page
    page = guest.get("/courses/demo/assignments/autograd").text
    assert "2 of 3" in page
    assert re.findall("Not gradable|Not graded", page) == ["Not graded", "Not gradable"]


def test_a_file_that_could_not_be_graded_never_counts_before_one_that_could(
    members: Class, session: Session
) -> None:
    of_ada = (session, members.assignment, members.ada)
    nothing = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)))
    factories.make_graded(*of_ada, ungradable())
    zero = factories.make_graded(*of_ada, nothing, attempt=2)
    factories.make_graded(*of_ada, ungradable(), attempt=3)
    session.commit()
    mark = mark_of(session, members.ada, members.assignment, members.ada)
    assert (mark.submission_id, mark.score) == (zero.id, 0.0)
