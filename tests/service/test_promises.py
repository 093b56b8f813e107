"""Four promises to students.

Nothing says that tests passed while failing ones are hidden. A failure of ours costs no attempt. A
test that is shown is shown with its input. A regrade keeps the old score visible.
"""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.cli.output.limited import exit_code, show_limited
from service.courses.models import Feedback
from service.store.base import now
from service.submissions.models import Status, Submission
from tests.service.conftest import Class, signed_in, submit_source
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Report, Verdict

ASSIGNMENT = "/courses/demo/assignments/autograd"
HIDING_TESTS = [Feedback.SCORE, Feedback.NOTHING_UNTIL_DEADLINE]
SHOWING_TESTS = [Feedback.FULL, Feedback.TESTS]

Grade = Callable[..., Submission]


@pytest.fixture
def grade(session: Session, members: Class) -> Grade:
    """Stores a graded submission of Ada's to an assignment of a feedback level."""

    def grade(feedback: Feedback, report: Report, attempt: int = 1) -> Submission:
        members.assignment.feedback = feedback
        members.assignment.deadline = now() + timedelta(days=1)
        done = factories.make_graded(
            session, members.assignment, members.ada, report, attempt=attempt
        )
        session.commit()
        return done

    return grade


def report_of(*verdicts: Verdict) -> Report:
    cases = [
        make_case(
            f"case{number}",
            verdict,
            title=f"The case {number}",
            program=f"x = Value({number}.5)\nL = x * x\nL.backward()\nassert x.grad == 97.5",
            checks=() if verdict in {Verdict.ERROR, Verdict.TIMEOUT} else make_case().checks,
        )
        for number, verdict in enumerate(verdicts, 1)
    ]
    return make_report(make_suite("rules", *cases))


def everything(app: Flask, members: Class, done: Submission) -> Iterator[tuple[str, str]]:
    """What Ada gets about a submission: every page, and every answer of the API."""
    browser, program = signed_in(app, members.ada), app.test_client()
    here = f"/submissions/{done.id}"
    for page in ("/courses/demo", ASSIGNMENT, here, f"{here}/report", f"{here}/cases/rules/case1"):
        yield page, browser.get(page).text
    for part in ("", "/results.json", "/counterexample.py", "/counterexample.svg"):
        answer = program.get(f"/api/v1{here}{part}", headers=members.bearer(members.ada))
        yield f"/api/v1{here}{part}", answer.text
    listing = f"/api/v1{ASSIGNMENT}/submissions"
    yield listing, program.get(listing, headers=members.bearer(members.ada)).text
    with zipfile.ZipFile(io.BytesIO(browser.get("/account/data.zip").data)) as own_data:
        for name in own_data.namelist():
            yield f"data.zip: {name}", own_data.read(name).decode()


@pytest.mark.parametrize("feedback", HIDING_TESTS)
@pytest.mark.parametrize("verdicts", [(Verdict.PASSED, Verdict.WRONG_VALUE), (Verdict.PASSED,)])
def test_nothing_says_passed_while_tests_are_hidden(
    app: Flask, members: Class, grade: Grade, feedback: Feedback, verdicts: tuple[Verdict, ...]
) -> None:
    done = grade(feedback, report_of(*verdicts))
    for address, text in everything(app, members, done):
        assert "passed" not in text.lower(), address


@pytest.mark.parametrize("feedback", SHOWING_TESTS)
def test_all_passed_is_not_said_if_a_test_failed(
    app: Flask, members: Class, grade: Grade, feedback: Feedback
) -> None:
    done = grade(feedback, report_of(Verdict.PASSED, Verdict.WRONG_VALUE))
    texts = dict(everything(app, members, done))
    assert "1 of 2 tests passed." in texts[f"/submissions/{done.id}"]
    for address, text in texts.items():
        assert "All 2 tests" not in text, address


@pytest.mark.parametrize("feedback", HIDING_TESTS)
def test_the_terminal_says_neither_in_words_nor_by_its_exit_code_that_tests_passed(
    client: FlaskClient,
    members: Class,
    grade: Grade,
    feedback: Feedback,
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = grade(feedback, report_of(Verdict.PASSED))
    path = f"/api/v1/submissions/{done.id}"
    answer: Any = client.get(path, headers=members.bearer(members.ada)).json
    show_limited(answer, "value.py")
    assert "passed" not in capsys.readouterr().out
    assert exit_code(answer) not in {0, 1}


def test_a_failure_of_ours_costs_no_attempt(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    members.assignment.attempt_limit = 1
    session.commit()
    first: Any = submit_source(client, members).json
    refused: Any = submit_source(client, members).json
    assert refused["error"]["code"] == "no_attempts_left"
    submission = session.get_one(Submission, uuid.UUID(first["id"]))
    factories.give_up(submission.grading)
    session.commit()
    answer: Any = client.get(
        f"/api/v1/submissions/{submission.id}", headers=members.bearer(members.ada)
    ).json
    assert (answer["status"], answer["spends_attempt"]) == ("errored", False)
    assert answer["attempts_left"] == 1
    page = signed_in(app, members.ada).get(f"/submissions/{submission.id}").text
    assert "That's our fault" in page
    assert "1 of 1 attempt left." in page
    assert submit_source(client, members).status_code == 202


@pytest.mark.parametrize("feedback", SHOWING_TESTS)
def test_a_test_that_is_shown_is_shown_with_its_input(
    app: Flask, client: FlaskClient, members: Class, grade: Grade, feedback: Feedback
) -> None:
    verdicts = list(Verdict)
    done = grade(feedback, report_of(*verdicts))
    browser, headers = signed_in(app, members.ada), members.bearer(members.ada)
    page = browser.get(f"/submissions/{done.id}").text
    path = f"/api/v1/submissions/{done.id}"
    report: Any = client.get(path, headers=headers).json
    results: Any = client.get(f"{path}/results.json", headers=headers).json
    for number, verdict in enumerate(verdicts, 1):
        own_page = f"/submissions/{done.id}/cases/rules/case{number}"
        assert own_page in page or f'id="case-rules-case{number}"' in page, verdict
        assert f"{number}.5" in browser.get(own_page).text, verdict
        case = report["report"]["suites"][0]["cases"][number - 1]
        assert case["program"].startswith(f"x = Value({number}.5)\nL = x * x"), verdict
        assert f"x = Value({number}.5)" in results["tests"][number - 1]["output"], verdict


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.ERRORED])
@pytest.mark.parametrize("feedback", [*SHOWING_TESTS, Feedback.SCORE])
def test_a_regrade_keeps_the_old_score_visible(
    app: Flask,
    client: FlaskClient,
    session: Session,
    members: Class,
    grade: Grade,
    feedback: Feedback,
    status: Status,
) -> None:
    done = grade(feedback, report_of(Verdict.PASSED, Verdict.WRONG_VALUE))
    factories.regrade(session, done, status)
    session.commit()
    browser, headers = signed_in(app, members.ada), members.bearer(members.ada)
    listing: Any = client.get(f"/api/v1{ASSIGNMENT}/submissions", headers=headers).json
    assert [each["score"] for each in listing["submissions"]] == [40.0]
    for address in ("/courses/demo", ASSIGNMENT):
        assert re.search(r"\b40 (<small>)?of 80\b", browser.get(address).text), address
    page = browser.get(f"/submissions/{done.id}").text
    assert "40 of 80" in page or "40 <small>of 80" in page


def test_a_regrade_that_is_done_shows_the_old_score_next_to_the_new_one(
    app: Flask, session: Session, members: Class, grade: Grade
) -> None:
    done = grade(Feedback.FULL, report_of(Verdict.PASSED, Verdict.WRONG_VALUE))
    factories.finish(factories.regrade(session, done), report_of(Verdict.PASSED, Verdict.PASSED))
    session.commit()
    for account in (members.ada, members.teacher):
        page = signed_in(app, account).get(f"/submissions/{done.id}").text
        assert "40 of 80" in page
        assert "80 <small>of 80" in page
