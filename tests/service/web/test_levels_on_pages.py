"""What students and staff see on pages by an assignment's feedback level."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.courses.models import Feedback
from service.marks.models import Override
from service.store.base import now
from service.submissions.models import Submission
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.secret_report import SCORE, hidden_at, make_secret_report
from tests.support.shipped_cases import report_on
from tests.support.sql_statements import queries
from worker.report.model import Problem, ProblemKind, Quantity, Verdict

ASSIGNMENT = "/courses/demo/assignments/autograd"
CASES = ("product", "neuron", "order", "raised", "sum")
LIMITED = [each for each in Feedback if each is not Feedback.FULL]
HIDDEN = [Feedback.SCORE, Feedback.NOTHING_UNTIL_DEADLINE]


@pytest.fixture
def browser(app: Flask, members: Class) -> FlaskClient:
    return signed_in(app, members.ada)


def grade(
    session: Session, members: Class, feedback: Feedback, attempt: int = 1, right: bool = False
) -> Submission:
    """A graded submission of Ada's to an assignment of a level, which is due tomorrow."""
    members.assignment.feedback = feedback
    members.assignment.deadline = now() + timedelta(days=1)
    report = make_report(make_suite("rules", make_case("sum"))) if right else make_secret_report()
    done = factories.make_graded(session, members.assignment, members.ada, report, attempt=attempt)
    session.commit()
    return done


def addresses(done: Submission) -> Iterator[str]:
    """Every page with something of a submission."""
    yield from ("/courses/demo", ASSIGNMENT, f"{ASSIGNMENT}/submissions/{done.id}/again")
    yield from (f"/submissions/{done.id}", f"/submissions/{done.id}/report")
    yield from (f"/submissions/{done.id}/cases/rules/{case}" for case in CASES)
    yield f"/submissions/{done.id}/cases/robustness/chain@5"
    yield f"/submissions/{done.id}/cases/rules/no-such-test"


@pytest.mark.parametrize("feedback", LIMITED)
def test_no_page_has_anything_that_a_level_hides(
    browser: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    hidden = [*hidden_at(feedback), "All 6 tests"]
    hidden += ["tests passed"] if feedback in HIDDEN else []
    for address in addresses(done):
        page = browser.get(address).text
        assert [secret for secret in hidden if secret in page] == [], address


def test_tests_shows_every_test_with_its_input_and_the_students_own_numbers(
    browser: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.TESTS)
    page = browser.get(f"/submissions/{done.id}").text
    assert "45.67" in page
    assert "2 of 6 tests passed." in page
    assert "printed-85" in page
    assert '<details class="suite" id="suite-rules" open>' in page
    assert '<details class="suite" id="suite-robustness">' in page
    for case in CASES:
        assert f'href="/submissions/{done.id}/cases/rules/{case}"' in page
    case_page = browser.get(f"/submissions/{done.id}/cases/rules/product").text
    for shown in ("31.5", "81.125", "82.25", "Wrong value", "What would be right isn&#39;t shown"):
        assert shown in case_page
    assert "boom-84" in browser.get(f"/submissions/{done.id}/cases/rules/raised").text


def test_a_drawing_of_tests_has_the_students_own_numbers(
    browser: FlaskClient, members: Class, session: Session
) -> None:
    report = report_on("worked-example", "leaves", {("x1", Quantity.GRAD): 7.0})
    members.assignment.feedback = Feedback.TESTS
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = browser.get(f"/submissions/{done.id}/cases/worked-example/leaves").text
    assert "Each box has your own numbers" in page
    assert "The gradient of x1 is 7." in page
    assert "should be" not in page
    assert 'class="node wrong"' not in page


@pytest.mark.parametrize(
    ("feedback", "summary"),
    [
        (Feedback.FULL, "80 of 80 points. All 1 tests passed."),
        (Feedback.TESTS, "80 of 80 points. 1 of 1 tests passed."),
        (Feedback.SCORE, "Your file was graded: 80 of 80 points."),
    ],
)
def test_a_score_is_spoken_once_as_a_sentence(
    session: Session, members: Class, browser: FlaskClient, feedback: Feedback, summary: str
) -> None:
    done = grade(session, members, feedback, right=True)
    report = browser.get(f"/submissions/{done.id}/report").text
    assert '<span class="visually-hidden">80 of 80 points.</span>' in report
    assert f'data-summary="{summary}"' in report


def test_score_shows_the_score_and_says_that_tests_are_not_shown(
    browser: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.SCORE)
    page = browser.get(f"/submissions/{done.id}").text
    assert "Your file was graded: 45.67 of 100 points." in page
    assert "no tests" in page
    assert "45.67" in browser.get(ASSIGNMENT).text
    refused = browser.get(f"/submissions/{done.id}/cases/rules/sum")
    assert refused.status_code == 403
    assert "<h1>Not shown yet</h1>" in refused.text


def test_nothing_shows_status_and_receipt_and_when_the_result_is_shown(
    browser: FlaskClient, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE)
    page = browser.get(f"/submissions/{done.id}").text
    assert "Your file was graded." in page
    assert "They are shown after" in page
    assert '<textarea id="receipt"' in page
    members.course.time_zone = "Asia/Tokyo"
    session.commit()
    assert "JST" in browser.get(f"/submissions/{done.id}/report").text
    assignment = browser.get(ASSIGNMENT).text
    assert "Not shown yet" in assignment
    assert "Graded" in assignment


def test_nothing_does_not_say_which_attempt_is_the_best(
    browser: FlaskClient, members: Class, session: Session
) -> None:
    grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE)
    grade(session, members, Feedback.NOTHING_UNTIL_DEADLINE, attempt=2, right=True)
    page = browser.get(ASSIGNMENT).text
    assert "counts" not in page.partition('id="own"')[2].partition('id="suites"')[0]


@pytest.mark.parametrize("feedback", LIMITED)
def test_ones_own_data_has_nothing_that_a_level_hides(
    browser: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    grade(session, members, feedback)
    with zipfile.ZipFile(io.BytesIO(browser.get("/account/data.zip").data)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "value.py" in text
    hidden = hidden_at(feedback)
    assert [secret for secret in hidden if secret in text] == []


@pytest.mark.parametrize("feedback", LIMITED)
def test_a_problem_of_the_file_is_shown_at_every_level(
    browser: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    members.assignment.feedback = feedback
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="invalid syntax-91", line=2)
    report = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=problem)
    done = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = browser.get(f"/submissions/{done.id}").text
    assert "invalid syntax-91" in page
    assert 'href="#L2"' in page
    assert '<details class="fold" id="source" open>' in page
    assert "Not gradable" in browser.get(ASSIGNMENT).text


@pytest.mark.parametrize("feedback", HIDDEN)
def test_a_hidden_report_is_not_even_read(
    app: Flask, browser: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    with queries(app.extensions[EXTENSION].engine) as seen:
        for address in addresses(done):
            browser.get(address)
    assert seen
    assert not [query for query in seen if "reports" in query.text]


def test_the_page_of_a_hidden_result_is_as_long_for_every_score(
    app: Flask, members: Class, session: Session
) -> None:
    moment, lengths = now(), set()
    for student, right in ((members.ada, True), (members.blaise, False)):
        members.assignment.feedback = Feedback.NOTHING_UNTIL_DEADLINE
        report = make_report(make_suite("rules", make_case())) if right else make_secret_report()
        done = factories.make_graded(
            session, members.assignment, student, report, submitted_at=moment
        )
        session.commit()
        page = signed_in(app, student).get(f"/submissions/{done.id}/report").text
        lengths.add(len(page))
    assert len(lengths) == 1


@pytest.mark.parametrize("right", [True, False])
def test_all_passed_is_never_said_while_something_is_hidden(
    browser: FlaskClient, members: Class, session: Session, right: bool
) -> None:
    for attempt, feedback in enumerate(LIMITED, 1):
        done = grade(session, members, feedback, attempt=attempt, right=right)
        assert "All 1 tests passed" not in browser.get(f"/submissions/{done.id}").text
    members.assignment.hold_marks = True
    done = grade(session, members, Feedback.FULL, attempt=9, right=right)
    assert "All 1 tests passed" not in browser.get(f"/submissions/{done.id}").text


@pytest.mark.parametrize("feedback", [Feedback.FULL, Feedback.TESTS, Feedback.SCORE])
def test_held_marks_hide_every_score_and_mark(
    browser: FlaskClient, members: Class, session: Session, feedback: Feedback
) -> None:
    members.assignment.hold_marks = True
    done = grade(session, members, feedback)
    session.add(
        Override(
            assignment_id=members.assignment.id,
            student_id=members.ada.id,
            author_id=members.teacher.id,
            submission_id=done.id,
            score=61.5,
            max_score=100.0,
            reason="Oral-62",
        )
    )
    session.commit()
    for address in addresses(done):
        page = browser.get(address).text
        assert [secret for secret in (SCORE, "54.33", "61.5", "Oral-62") if secret in page] == []
    assert "held back" in browser.get(f"/submissions/{done.id}").text


@pytest.mark.parametrize("feedback", LIMITED)
def test_staff_see_the_whole_report_and_what_students_see(
    app: Flask, members: Class, session: Session, feedback: Feedback
) -> None:
    done = grade(session, members, feedback)
    for account in (members.assistant, members.teacher):
        browser = signed_in(app, account)
        for address in (f"/submissions/{done.id}", f"/submissions/{done.id}/review"):
            page = browser.get(address).text
            assert "The slope of tanh is wrong" in page
            assert "Students " in page
        assert "Students " in browser.get(ASSIGNMENT).text


def test_staff_are_told_nothing_where_students_see_all(
    app: Flask, members: Class, session: Session
) -> None:
    done = grade(session, members, Feedback.FULL)
    page = signed_in(app, members.teacher).get(f"/submissions/{done.id}").text
    assert "Students see" not in page
