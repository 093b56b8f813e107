"""One submission: who sees it, and its report."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.people.models import Account
from service.submissions.models import Status, Submission
from service.submissions.stored_reports import read_report
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.service.submissions.conftest import REPORT
from tests.support import factories
from tests.support.sql_statements import queries
from worker.report.json import to_json


def test_a_queued_submission_has_a_position_in_the_queue_and_no_report(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    later = factories.make_submission(session, members.assignment, members.blaise)
    session.commit()
    mine = client.get(f"/api/v1/submissions/{queued.id}", headers=members.bearer(members.ada)).json
    theirs = client.get(
        f"/api/v1/submissions/{later.id}", headers=members.bearer(members.blaise)
    ).json
    assert mine is not None
    assert theirs is not None
    assert (mine["status"], mine["queue_position"], mine["report"]) == ("queued", 1, None)
    assert theirs["queue_position"] == 2


def test_a_position_follows_the_fair_order_and_may_rise(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    for attempt in (2, 3):
        last = factories.make_submission(session, members.assignment, members.ada, attempt=attempt)
    session.commit()

    def position(submission: Submission, by: Account) -> int:
        path = f"/api/v1/submissions/{submission.id}"
        body = client.get(path, headers=members.bearer(by)).json
        assert body is not None
        found: int = body["queue_position"]
        return found

    assert [position(each, members.ada) for each in (queued, last)] == [1, 3]
    theirs = factories.make_submission(session, members.assignment, members.blaise)
    session.commit()
    assert position(theirs, members.blaise) == 2
    assert [position(each, members.ada) for each in (queued, last)] == [1, 4]


def test_a_regrade_is_behind_every_submission(
    client: FlaskClient, members: Class, session: Session, done: Submission
) -> None:
    factories.regrade(session, done)
    factories.make_submission(session, members.assignment, members.blaise)
    session.commit()
    body = client.get(f"/api/v1/submissions/{done.id}", headers=members.bearer(members.ada)).json
    assert body is not None
    assert body["queue_position"] == 2


def test_a_graded_submission_has_its_score_and_report(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    body = client.get(f"/api/v1/submissions/{done.id}", headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["status"], body["score"], body["max_score"]) == ("done", 60.0, 100.0)
    assert body["queue_position"] is None
    assert body["report"] == to_json(REPORT)


@pytest.mark.parametrize("who", ["blaise", "stranger"])
def test_a_submission_of_another_student_is_404(
    client: FlaskClient, members: Class, done: Submission, who: str
) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.get(f"/api/v1/submissions/{done.id}", headers=headers).status_code == 404
    path = f"/api/v1/submissions/{done.id}/results.json"
    assert client.get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("who", ["teacher", "assistant"])
def test_staff_see_their_students_submissions(
    client: FlaskClient, members: Class, done: Submission, who: str
) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.get(f"/api/v1/submissions/{done.id}", headers=headers).status_code == 200


@pytest.mark.parametrize("submission_id", [str(uuid.UUID(int=7)), "7", "%00"])
def test_an_unknown_submission_is_404(
    client: FlaskClient, members: Class, submission_id: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{submission_id}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 404
    assert response.json is not None
    assert response.json["error"]["code"] == "not_found"


@pytest.mark.parametrize("wait", ["soon", "-1", "nan", ""])
def test_an_invalid_wait_is_422(
    client: FlaskClient, members: Class, done: Submission, wait: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{done.id}?wait={wait}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {"wait"}


def test_a_request_that_cannot_wait_is_answered_at_once_with_a_time_to_ask_again(
    client: FlaskClient, members: Class, queued: Submission
) -> None:
    path, headers = f"/api/v1/submissions/{queued.id}", members.bearer(members.ada)
    response = client.get(f"{path}?wait=30", headers=headers)
    assert response.json is not None
    assert response.json["status"] == "queued"
    assert response.headers["Retry-After"] == "2"
    assert "Retry-After" not in client.get(path, headers=headers).headers


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.ERRORED])
def test_until_a_regrade_has_a_result_the_earlier_one_is_shown(
    client: FlaskClient, members: Class, session: Session, done: Submission, status: Status
) -> None:
    factories.regrade(session, done, status)
    session.commit()
    headers = members.bearer(members.ada)
    results = client.get(f"/api/v1/submissions/{done.id}/results.json", headers=headers).json
    assert results is not None
    assert results["score"] == 60.0
    listed = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
    assert listed is not None
    assert [(each["status"], each["score"]) for each in listed["submissions"]] == [("done", 60.0)]
    newest = client.get(f"/api/v1/submissions/{done.id}", headers=headers).json
    assert newest is not None
    assert (newest["status"], newest["score"], newest["report"]) == (status, None, None)


@pytest.mark.parametrize(
    ("status", "expected", "shown"),
    [
        (Status.QUEUED, "The earlier result, 60 of 100 points, counts until then.", False),
        (Status.RUNNING, "The earlier result, 60 of 100 points, counts until then.", False),
        (Status.ERRORED, "The earlier result is below, and it counts", True),
    ],
)
def test_the_page_says_that_the_earlier_result_counts_until_a_regrade_has_one(
    app: Flask,
    members: Class,
    session: Session,
    done: Submission,
    status: Status,
    expected: str,
    shown: bool,
) -> None:
    factories.regrade(session, done, status)
    session.commit()
    ada = signed_in(app, members.ada)
    page = ada.get(f"/submissions/{done.id}").text
    assert expected in page
    assert ("2 of 3 tests passed." in page) is shown
    assert "no attempt was spent" not in page
    listed = ada.get("/courses/demo/assignments/autograd").text
    assert '<td class="num">60<small>counts</small></td>' in listed


def test_a_regraded_file_says_that_the_present_scheme_counted_its_points(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    ada, address = signed_in(app, members.ada), f"/submissions/{done.id}"
    said = "This was graded again. Points are counted by the present scheme"
    report = read_report(session, done.grading.id)
    assert report is not None
    report = replace(report, provenance=replace(report.provenance, marking=2))
    assert said not in ada.get(address).text
    factories.finish(factories.regrade(session, done), report)
    session.commit()
    assert said in ada.get(address).text


def test_an_errored_grading_is_reported_as_errored(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    factories.give_up(queued.grading)
    session.commit()
    path = f"/api/v1/submissions/{queued.id}?wait=30"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["status"], body["score"], body["report"]) == (Status.ERRORED, None, None)


def test_a_report_is_left_out_on_request(
    app: Flask, client: FlaskClient, members: Class, done: Submission
) -> None:
    path, headers = f"/api/v1/submissions/{done.id}", members.bearer(members.ada)
    whole = client.get(f"{path}?report=1", headers=headers).json
    assert whole is not None
    assert whole["report"] == to_json(REPORT)
    with queries(app.extensions[EXTENSION].engine) as seen:
        short = client.get(f"{path}?report=0&wait=30", headers=headers).json
    assert short == whole | {"report": None}
    assert not [query for query in seen if "report" in query.text]


@pytest.mark.parametrize("report", ["", "2", "no", "true"])
def test_an_invalid_value_of_report_is_422(
    client: FlaskClient, members: Class, done: Submission, report: str
) -> None:
    response = client.get(
        f"/api/v1/submissions/{done.id}?report={report}", headers=members.bearer(members.ada)
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {"report"}
