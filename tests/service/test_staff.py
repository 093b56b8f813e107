import csv
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.models import Grading, Override, Status, Submission
from tests import factories
from tests.factories import make_case, make_report, make_suite
from tests.service.conftest import Class
from worker.report import Verdict

REPORT = make_report(
    make_suite("rules", make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT))
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
    kept = session.scalars(select(Override)).one()
    assert (kept.score, kept.reason) == (90.0, "explained it in class")
    assert (kept.author_id, kept.student_id) == (members.teacher.id, members.ada.id)


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
def test_an_override_that_will_not_do_is_422_and_names_the_field(
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
def test_students_neither_override_nor_regrade(
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
        f"/api/v1/submissions/{done.id}/regrade", headers=members.bearer(members.assistant)
    )
    assert response.status_code == 202
    assert response.json is not None
    assert (response.json["ordinal"], response.json["status"]) == (2, "queued")
    session.expire_all()
    old, new = session.scalars(select(Grading).order_by(Grading.ordinal))
    assert (old.status, old.score) == (Status.DONE, 40.0)
    assert new.status is Status.QUEUED


def test_what_is_being_graded_cannot_be_regraded(
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
    assert response.mimetype == "text/csv"
    assert response.headers["Content-Disposition"] == 'attachment; filename="autograd-grades.csv"'
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [(row["name"], row["score"]) for row in rows] == [("Ada", "40"), ("Blaise", "")]
    assert client.get(path, headers=members.bearer(members.ada)).status_code == 403
    assert client.get(path, headers=members.bearer(members.stranger)).status_code == 404
