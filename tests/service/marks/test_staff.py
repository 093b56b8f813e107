import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import LatePolicy
from service.marks.models import Override
from service.store.base import now
from service.submissions.models import Grading, Status, Submission
from tests.service.conftest import Class, signed_in, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict

REPORT = make_report(
    make_suite(
        "rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT), points=100.0
    )
)


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission


def test_a_teacher_overrides_a_mark_with_a_reason(
    client: FlaskClient, members: Class, session: Session, done: Submission
) -> None:
    response = client.post(
        f"/api/v1/submissions/{done.id}/override",
        json={"score": 90, "reason": " explained it in class "},
        headers=members.bearer(members.teacher),
    )
    assert response.status_code == 201
    assert response.json is not None
    assert response.json["author"] == "teacher@example.edu"
    stored = session.scalars(select(Override)).one()
    assert (stored.score, stored.reason) == (90.0, "explained it in class")
    assert (stored.author_id, stored.student_id) == (members.teacher.id, members.ada.id)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"score": -1, "reason": "x"}', "score"),
        ('{"score": 100.5, "reason": "x"}', "score"),
        ('{"score": NaN, "reason": "x"}', "score"),
        ('{"score": 1e999, "reason": "x"}', "score"),
        ('{"score": "90", "reason": "x"}', "score"),
        ('{"score": true, "reason": "x"}', "score"),
        ('{"reason": "x"}', "score"),
        ('{"score": 9, "reason": " "}', "reason"),
        ('{"score": 9, "reason": "a\\u0000b"}', "reason"),
        (json.dumps({"score": 9, "reason": "x" * 2001}), "reason"),
    ],
)
def test_an_invalid_override_is_422_and_names_the_field(
    client: FlaskClient,
    members: Class,
    session: Session,
    done: Submission,
    body: str,
    field: str,
) -> None:
    response = client.post(
        f"/api/v1/submissions/{done.id}/override",
        data=body,
        content_type="application/json",
        headers=members.bearer(members.teacher),
    )
    assert response.status_code == 422
    assert response.json is not None
    assert response.json["error"]["fields"].keys() == {field}
    assert session.scalars(select(Override)).all() == []


@pytest.mark.parametrize("action", ["override", "regrade"])
def test_students_cannot_override_or_regrade(
    client: FlaskClient, members: Class, done: Submission, action: str
) -> None:
    response = client.post(
        f"/api/v1/submissions/{done.id}/{action}",
        json={"score": 100, "reason": "I deserve it"},
        headers=members.bearer(members.ada),
    )
    assert response.status_code == 403


def test_a_regrade_is_a_new_grading_and_the_old_one_stays(
    client: FlaskClient, members: Class, session: Session, done: Submission
) -> None:
    response = client.post(
        f"/api/v1/submissions/{done.id}/regrade", headers=members.bearer(members.teacher)
    )
    assert response.status_code == 202
    assert response.json is not None
    assert (response.json["ordinal"], response.json["status"]) == (2, "queued")
    session.expire_all()
    old, new = session.scalars(select(Grading).order_by(Grading.ordinal))
    assert (old.status, old.score) == (Status.DONE, 50.0)
    assert new.status is Status.QUEUED


def test_a_submission_that_is_being_graded_cannot_be_regraded(
    client: FlaskClient, members: Class, session: Session
) -> None:
    queued = factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    response = client.post(
        f"/api/v1/submissions/{queued.id}/regrade", headers=members.bearer(members.teacher)
    )
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "already_grading"


def test_an_errored_grading_can_be_run_again(
    client: FlaskClient, members: Class, session: Session
) -> None:
    failed = factories.make_submission(session, members.assignment, members.ada)
    factories.give_up(failed.grading)
    session.commit()
    headers = members.bearer(members.teacher)
    path = f"/api/v1/submissions/{failed.id}"
    assert client.post(f"{path}/regrade", headers=headers).status_code == 202
    body: Any = client.get(path, headers=headers).json
    assert body["status"] == "queued"


@pytest.mark.usefixtures("done")
def test_staff_download_grades_as_csv_and_students_do_not(
    client: FlaskClient, members: Class
) -> None:
    path = "/api/v1/assignments/autograd/grades.csv"
    response = client.get(path, headers=members.bearer(members.teacher))
    assert response.status_code == 200
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=autograd-grades.csv"
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [(row["name"], row["score"]) for row in rows] == [("Ada", "50"), ("Blaise", "")]
    assert client.get(path, headers=members.bearer(members.ada)).status_code == 403
    assert client.get(path, headers=members.bearer(members.stranger)).status_code == 404


def test_teachers_close_an_assignment_and_open_it_again(
    client: FlaskClient, members: Class, session: Session
) -> None:
    headers = members.bearer(members.teacher)
    path = "/api/v1/assignments/autograd"

    def ask(action: str) -> tuple[int, bool]:
        response = client.post(f"{path}/{action}", headers=headers)
        assert response.json is not None
        return response.status_code, response.json["closed"]

    assert ask("close") == (200, True)
    session.refresh(members.assignment)
    closed_at = members.assignment.closed_at
    session.commit()
    assert closed_at is not None
    assert submit_source(client, members).status_code == 409
    assert ask("close") == (200, True)
    session.refresh(members.assignment)
    assert members.assignment.closed_at == closed_at  # it has been closed since then
    session.commit()
    assert ask("open") == ask("open") == (200, False)
    assert submit_source(client, members).status_code == 202


@pytest.mark.parametrize("action", ["close", "open"])
@pytest.mark.parametrize(
    ("who", "status"), [("assistant", 403), ("ada", 403), ("stranger", 404), (None, 401)]
)
def test_only_teachers_can_close_or_open_an_assignment(
    client: FlaskClient,
    members: Class,
    session: Session,
    action: str,
    who: str | None,
    status: int,
) -> None:
    before = now() if action == "open" else None
    members.assignment.closed_at = before
    session.commit()
    headers = members.bearer(getattr(members, who)) if who else {}
    response = client.post(f"/api/v1/assignments/autograd/{action}", headers=headers)
    assert response.status_code == status
    session.refresh(members.assignment)
    assert members.assignment.closed_at == before


def test_an_assignment_closed_by_its_deadline_cannot_be_opened(
    client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.deadline = now() - timedelta(hours=1)
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    response = client.post(
        "/api/v1/assignments/autograd/open", headers=members.bearer(members.teacher)
    )
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "deadline_passed"


def test_assistants_read_comment_and_set_marks_and_no_button_offers_more(
    app: Flask, members: Class, done: Submission
) -> None:
    address, review = "/courses/demo/assignments/autograd", f"/submissions/{done.id}/review"
    seen = {}
    for account in (members.teacher, members.assistant):
        browser = signed_in(app, account)
        page, of_submission = browser.get(address).text, browser.get(review).text
        seen[account.email] = "Close now" in page, ">Grade again</button>" in of_submission
        assert ">Set the mark</button>" in of_submission
        assert ">Add the comment</button>" in of_submission
        assert f'href="/api/v1{review.removesuffix("review")}results.json"' in of_submission
    assert seen == {"teacher@example.edu": (True, True), "assistant@example.edu": (False, False)}


def test_staff_see_only_the_button_that_has_an_effect(
    app: Flask, members: Class, session: Session
) -> None:
    teacher = signed_in(app, members.teacher)
    page = "/courses/demo/assignments/autograd"

    def buttons() -> tuple[bool, bool]:
        text = teacher.get(page).text
        return "Close now" in text, "Open again" in text

    assert buttons() == (True, False)
    answer = teacher.post(f"{page}/close")
    assert (answer.status_code, answer.location) == (303, page)
    assert buttons() == (False, True)
    assert teacher.post(f"{page}/open").status_code == 303
    assert buttons() == (True, False)
    members.assignment.deadline = now() - timedelta(hours=1)
    members.assignment.late_policy = LatePolicy.REFUSE
    session.commit()
    assert buttons() == (False, False)
    members.assignment.closed_at = now() - timedelta(hours=2)
    session.commit()
    assert buttons() == (False, False)


@pytest.mark.parametrize("action", ["close", "open"])
def test_students_cannot_see_or_use_the_button(
    app: Flask, members: Class, session: Session, action: str
) -> None:
    ada = signed_in(app, members.ada)
    assert "Close now" not in ada.get("/courses/demo/assignments/autograd").text
    assert ada.post(f"/courses/demo/assignments/autograd/{action}").status_code == 403
    session.refresh(members.assignment)
    assert members.assignment.closed_at is None
    nobody = app.test_client().post(f"/courses/demo/assignments/autograd/{action}")
    assert nobody.location == "/sign-in?next=%2Fcourses%2Fdemo%2Fassignments%2Fautograd"
