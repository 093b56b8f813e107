"""What students see by an assignment's feedback level: in the API and in downloads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import Extension, Feedback, Role
from service.store.base import now
from service.submissions.models import Submission
from service.web.request import EXTENSION
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.json_schema import violations
from tests.support.secret_report import SCORE, hidden_at, make_secret_report
from tests.support.sql_statements import queries
from worker.report.model import Problem, ProblemKind, Report, Verdict

DAY = timedelta(days=1)
PARTS = ("", "/results.json", "/counterexample.py", "/counterexample.svg")
PICTURE = "/counterexample.png"
PROBLEM = Problem(kind=ProblemKind.SYNTAX_ERROR, message="invalid syntax-91", line=3)
BROKEN = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=PROBLEM)


def grade(
    session: Session, members: Class, feedback: Feedback, report: Report | None = None
) -> Submission:
    """A graded submission of Ada's to an assignment of a level, which is due tomorrow."""
    members.assignment.feedback, members.assignment.deadline = feedback, now() + DAY
    done = factories.make_graded(
        session, members.assignment, members.ada, report or make_secret_report()
    )
    session.commit()
    return done


def read(client: FlaskClient, members: Class, done: Submission, part: str = "") -> Any:
    headers = members.bearer(members.ada)
    return client.get(f"/api/v1/submissions/{done.id}{part}", headers=headers)


def texts(client: FlaskClient, members: Class, done: Submission) -> list[str]:
    """Every answer of the API about a submission, as its student gets it."""
    listing = client.get(
        "/api/v1/assignments/autograd/submissions", headers=members.bearer(members.ada)
    )
    return [listing.text, *(read(client, members, done, part).text for part in PARTS)]


@pytest.mark.parametrize("feedback", [each for each in Feedback if each is not Feedback.FULL])
def test_no_answer_has_anything_that_a_level_hides(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    hidden = hidden_at(feedback)
    for text in texts(client, members, done):
        assert [secret for secret in hidden if secret in text] == []


@pytest.mark.parametrize("feedback", Feedback)
def test_ones_own_file_is_downloaded_as_text_at_every_level(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    answer = read(client, members, done, "/source")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", done.source)
    assert answer.headers["Content-Disposition"] == "attachment; filename=value.py"


def test_full_has_everything_but_the_right_formula(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.FULL)
    body = read(client, members, done).json
    assert body["feedback"] == "full"
    report = body["report"]
    assert report["diagnoses"][0]["formula"] == {
        "of": "tanh(x)", "by": "x", "yours": "1 - t", "right": "", "where": "t = tanh(x)"
    }  # fmt: skip
    assert report["counterexample"]["graph"]["nodes"][0]["expected"]["grad"] == 74.5
    assert [read(client, members, done, part).status_code for part in PARTS] == [200] * 4


def test_tests_has_titles_inputs_verdicts_and_own_numbers(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.TESTS)
    body = read(client, members, done).json
    assert (body["feedback"], body["score"], body["max_score"]) == ("tests", 45.67, 100.0)
    case = body["report"]["suites"][0]["cases"][0]
    assert case["title"] == "The product of 31.5 and 32.5"
    assert case["verdict"] == "wrong_value"
    assert case["program"].splitlines() == [
        "x = Value(31.5)", "y = Value(32.5)", "L = x * y", "L.backward()"
    ]  # fmt: skip
    assert case["checks"] == [
        {"node": "L", "quantity": "data", "actual": 81.125},
        {"node": "x", "quantity": "grad", "actual": 82.25},
    ]
    assert body["report"]["ledger"] == [{"suite": "rules", "tests": 4, "points": 54.33}]
    results = read(client, members, done, "/results.json").json
    assert results["score"] == 45.67
    assert "L.data is 81.125" in results["tests"][0]["output"]
    assert {test["visibility"] for test in results["tests"]} == {"visible"}


def test_score_has_the_score_alone(client: FlaskClient, members: Class, session: Session) -> None:
    done = grade(session, members, Feedback.SCORE)
    body = read(client, members, done).json
    assert (body["score"], body["max_score"]) == (45.67, 100.0)
    assert body["report"] == {"schema": 2, "score": 45.67, "max_score": 100.0, "problem": None}
    results = read(client, members, done, "/results.json").json
    assert (results["score"], results["tests"]) == (45.67, [])
    assert results["output"] == "45.67 of 100 points."


def test_nothing_has_status_and_receipt_and_says_when_the_rest_is_shown(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE)
    body = read(client, members, done).json
    assert (body["status"], body["spends_attempt"]) == ("done", True)
    assert body["receipt"]
    assert (body["score"], body["max_score"], body["report"]) == (None, None, None)
    assert body["hidden_until"] is not None


@pytest.mark.parametrize("feedback", Feedback)
def test_a_problem_is_shown_at_every_level(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback, BROKEN)
    body = read(client, members, done).json
    assert body["report"]["problem"]["message"] == "invalid syntax-91"
    assert body["report"]["problem"]["line"] == 3
    assert not body["spends_attempt"]


@pytest.mark.parametrize(
    ("feedback", "statuses"),
    [
        (Feedback.TESTS, [200, 200, 403, 403, 403]),
        (Feedback.SCORE, [200, 200, 403, 403, 403]),
        (Feedback.NOTHING_UNTIL_DEADLINE, [200, 403, 403, 403, 403]),
    ],
)
@pytest.mark.parametrize("wrong", [True, False])
def test_what_is_hidden_is_403_whether_or_not_it_exists(
    client: FlaskClient,
    members: Class,
    session: Session,
    feedback: Feedback,
    statuses: list[int],
    wrong: bool,
) -> None:
    report = make_secret_report() if wrong else make_report(make_suite("rules", make_case("sum")))
    done = grade(session, members, feedback, report)
    answers = [read(client, members, done, part) for part in (*PARTS, PICTURE)]
    assert [answer.status_code for answer in answers] == statuses
    for answer in answers:
        if answer.status_code == 403:
            assert answer.json["error"]["code"] == "not_shown_yet"


def test_nothing_ends_after_the_last_deadline_of_anyone(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE)
    members.assignment.deadline = now() - DAY
    extension = Extension(
        assignment_id=members.assignment.id, account_id=members.blaise.id, deadline=now() + DAY
    )
    session.add(extension)
    session.commit()
    assert read(client, members, done).json["score"] is None
    extension.deadline = now() - DAY / 2
    session.commit()
    body = read(client, members, done).json
    assert (body["feedback"], body["score"]) == ("full", 45.67)
    assert body["report"]["diagnoses"]


def test_nothing_lasts_through_the_grace(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE)
    members.assignment.deadline = now() - DAY
    members.assignment.grace_minutes = 60 * 24 + 10
    session.commit()
    assert read(client, members, done).json["feedback"] == "nothing_until_deadline"
    members.assignment.grace_minutes = 60 * 24 - 10
    session.commit()
    assert read(client, members, done).json["feedback"] == "full"


@pytest.mark.parametrize("feedback", Feedback)
def test_staff_see_everything_at_every_level(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    for account in (members.assistant, members.teacher):
        headers = members.bearer(account)
        body: Any = client.get(f"/api/v1/submissions/{done.id}", headers=headers).json
        assert body["score"] == 45.67
        assert body["report"]["diagnoses"][0]["formula"]["right"] == "1 - t**2"
        for part in PARTS:
            path = f"/api/v1/submissions/{done.id}{part}"
            assert client.get(path, headers=headers).status_code == 200


def test_the_visibility_of_staffs_results_is_that_of_students(
    client: FlaskClient, members: Class, session: Session
) -> None:
    seen: list[tuple[str, set[str]]] = []
    for feedback, student in zip(Feedback, [members.ada, members.blaise] * 2, strict=True):
        members.assignment.feedback = feedback
        attempt = len(seen) + 1
        done = factories.make_graded(
            session, members.assignment, student, make_secret_report(), attempt=attempt
        )
        session.commit()
        path = f"/api/v1/submissions/{done.id}/results.json"
        body: Any = client.get(path, headers=members.bearer(members.teacher)).json
        seen.append((body["visibility"], {test["visibility"] for test in body["tests"]}))
        assert body["score"] == 45.67
        secret = [each for each in hidden_at(feedback) if each in str(body)]
        assert secret == [] or feedback is Feedback.NOTHING_UNTIL_DEADLINE
    # Gradescope shows no total next to a hidden test.
    assert seen == [
        ("visible", {"visible"}),
        ("visible", {"visible"}),
        ("visible", set()),
        ("after_due_date", {"after_due_date"}),
    ]


def test_results_for_gradescope_hide_a_mark_that_is_held_back(
    client: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.FULL)
    members.assignment.hold_marks = True
    session.commit()
    path = f"/api/v1/submissions/{done.id}/results.json"
    body: Any = client.get(path, headers=members.bearer(members.teacher)).json
    assert body["visibility"] == "hidden"
    assert {test["visibility"] for test in body["tests"]} == {"hidden"}


def test_an_assistant_who_is_a_student_elsewhere_sees_as_a_student_there(
    client: FlaskClient, members: Class, session: Session
) -> None:
    other = factories.make_course(session)
    factories.enrol(session, other, members.assistant)
    factories.enrol(session, other, members.ada, Role.TEACHER)
    assignment = factories.make_assignment(session, other, feedback=Feedback.SCORE)
    done = factories.make_graded(session, assignment, members.assistant, make_secret_report())
    session.commit()
    path = f"/api/v1/submissions/{done.id}"
    own = client.get(path, headers=members.bearer(members.assistant)).json
    assert own is not None
    assert set(own["report"]) == {"schema", "score", "max_score", "problem"}


@pytest.mark.parametrize("feedback", [Feedback.FULL, Feedback.TESTS, Feedback.SCORE])
def test_held_marks_hide_every_score_and_nothing_else(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    members.assignment.hold_marks = True
    done = grade(session, members, feedback)
    for text in texts(client, members, done):
        assert SCORE not in text
    body = read(client, members, done).json
    assert (body["feedback"], body["score"]) == (feedback, None)
    members.assignment.released_at = now()
    session.commit()
    assert read(client, members, done).json["score"] == 45.67


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("feedback", Feedback)
def test_every_level_answers_as_described(
    client: FlaskClient, members: Class, session: Session, feedback: Feedback, held: bool
) -> None:
    members.assignment.hold_marks = held
    done = grade(session, members, feedback)
    document: Any = client.get("/api/v1/openapi.json").json
    for part in PARTS[:2]:
        answer = read(client, members, done, part)
        described = document["paths"][f"/submissions/{{submission_id}}{part}"]["get"]
        content = described["responses"][str(answer.status_code)]["content"]
        assert violations(answer.json, content["application/json"]["schema"], document) == []


@pytest.mark.parametrize("feedback", [Feedback.SCORE, Feedback.NOTHING_UNTIL_DEADLINE])
def test_a_hidden_report_is_not_even_read(
    app: Flask, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    client = app.test_client()
    with queries(app.extensions[EXTENSION].engine) as seen:
        answers = [read(client, members, done, part) for part in PARTS]
    assert answers[0].status_code == 200
    assert not [
        query for query in seen if "FROM reports" in query.text or "JOIN reports" in query.text
    ]


def test_nothing_answers_the_same_bytes_for_every_score(
    client: FlaskClient, members: Class, session: Session
) -> None:
    right = make_report(make_suite("rules", make_case("sum"), points=100.0))
    answers = []
    for student, report in ((members.ada, make_secret_report()), (members.blaise, right)):
        members.assignment.feedback = Feedback.NOTHING_UNTIL_DEADLINE
        done = factories.make_graded(
            session, members.assignment, student, report, submitted_at=members.course.created_at
        )
        session.commit()
        path = f"/api/v1/submissions/{done.id}"
        body: Any = client.get(path, headers=members.bearer(student)).json
        answers.append({key: body[key] for key in body if key not in {"id", "student", "receipt"}})
    assert answers[0] == answers[1]
