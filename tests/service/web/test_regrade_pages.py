"""A teacher regrades an assignment on pages, without script; students see the score from before."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Feedback
from service.marks.models import Regrade
from service.store.base import now
from service.submissions.models import Grading, Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Report, Verdict

BEFORE = (
    r"was [\d.]+ of \d+ before the regrade of .*? UTC"
    "(?:: the tests or their points changed|, by the same tests and points)?"
)
VERDICTS = ("passed", "error", "error", "error")
ADDRESS = "/courses/demo/assignments/autograd"
HALF = make_report(
    make_suite("rules", make_case(), make_case("product", Verdict.WRONG_GRADIENT), points=80.0)
)
FULL = make_report(make_suite("rules", make_case(), make_case("product"), points=80.0))


@pytest.fixture
def graded(session: Session, members: Class) -> Submission:
    """Ada's submission with 40 of 80 points, graded by an older version of the suites."""
    made = factories.make_graded(session, members.assignment, members.ada, HALF)
    made.grading.suites_digest = "of other suites"
    session.commit()
    return made


@pytest.fixture
def teacher(app: Flask, members: Class) -> FlaskClient:
    """The teacher's browser."""
    return signed_in(app, members.teacher)


def start(teacher: FlaskClient) -> str:
    """Start a regrade; the address of its page."""
    answer = teacher.post(f"{ADDRESS}/regrades", data={"which": "counting"})
    assert answer.status_code == 303
    return answer.headers["Location"]


def finish(session: Session, report: Report = FULL) -> None:
    """Grade what the regrade has queued."""
    for entry in session.scalars(select(Regrade)).one().entries:
        factories.finish(session.get_one(Grading, entry.grading_id), report)
    session.commit()


@pytest.mark.usefixtures("graded")
def test_marks_of_an_older_version_say_so_and_the_page_offers_a_regrade(
    teacher: FlaskClient,
) -> None:
    page = teacher.get(ADDRESS).text
    assert "1 of 2 marks is from an older version" in page
    assert "Grade again and show me what changes" in page


def test_a_regrade_is_watched_applied_and_undone_on_its_page(
    app: Flask, teacher: FlaskClient, session: Session, members: Class, graded: Submission
) -> None:
    where = start(teacher)
    page = teacher.get(where).text
    assert "0 of 1 graded again" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "data-unfinished" in teacher.get(f"{where}/progress").text
    assert "A regrade isn't finished" in teacher.get(ADDRESS).text

    finish(session)
    assert "data-unfinished" not in teacher.get(f"{where}/progress").text
    page = teacher.get(where).text
    assert "Marks that go up" in page
    assert "Now passes:" in page
    assert "40 of 80" in page
    student = signed_in(app, members.ada)
    own = f"/submissions/{graded.id}"
    assert "graded again" not in student.get(own).text

    assert teacher.post(f"{where}/apply").status_code == 303
    assert "Undo: let the old marks count again" in teacher.get(where).text
    page = student.get(own).text
    assert "This was graded again on" in page
    assert "The score before was" in page
    assert "The tests or their points were changed in between" in page
    assert "40 of 80" in page
    assert "80 <small>of 80</small>" in page

    assert teacher.post(f"{where}/undo").status_code == 303
    assert "The regrade was undone" in teacher.get(where).text
    assert "This was graded again" not in student.get(own).text


@pytest.mark.usefixtures("graded")
def test_a_second_regrade_is_refused_with_a_message_on_the_page_of_the_first(
    teacher: FlaskClient,
) -> None:
    where = start(teacher)
    answer = teacher.post(f"{ADDRESS}/regrades", data={"which": "all"})
    assert answer.status_code == 409
    assert "Apply it or cancel it" in answer.text
    answer = teacher.post(f"{where}/apply")
    assert answer.status_code == 409
    assert "0 of 1 submissions are graded again" in answer.text
    assert teacher.post(f"{where}/cancel").status_code == 303
    assert "The regrade was cancelled" in teacher.get(where).text


def test_a_level_that_hides_points_hides_the_score_from_before(
    app: Flask, teacher: FlaskClient, session: Session, members: Class, graded: Submission
) -> None:
    where = start(teacher)
    finish(session)
    assert teacher.post(f"{where}/apply").status_code == 303
    assignment = session.get_one(Assignment, members.assignment.id)
    assignment.hold_marks, assignment.feedback = True, Feedback.SCORE
    session.commit()
    assert (
        "The score before was"
        not in signed_in(app, members.ada).get(f"/submissions/{graded.id}").text
    )


@pytest.mark.usefixtures("graded")
@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("stranger", 404), ("assistant", 200)])
def test_only_staff_see_a_regrade_and_only_teachers_start_one(
    app: Flask, teacher: FlaskClient, members: Class, who: str, status: int
) -> None:
    where = start(teacher)
    other = signed_in(app, getattr(members, who))
    assert other.get(where).status_code == status
    assert other.post(f"{where}/cancel").status_code in {403, 404}
    assert "Cancel the regrade" not in other.get(where).text
    assert teacher.get(where.replace("autograd", "another")).status_code == 404


def said_before(app: Flask, members: Class) -> set[str]:
    """What a course's and an assignment's page say to Ada about her mark from before."""
    browser = signed_in(app, members.ada)
    pages = [browser.get(address).text for address in ("/courses/demo", ADDRESS)]
    plain = [" ".join(re.sub("<[^>]*>", "", page).split()) for page in pages]
    said = [re.findall(BEFORE, each) for each in plain]
    assert said[0] == said[1]
    return set(said[0])


@pytest.mark.usefixtures("graded")
def test_a_student_sees_the_mark_from_before_also_when_another_attempt_counts_now(
    app: Flask, session: Session, members: Class, teacher: FlaskClient
) -> None:
    """Attempt 1 had 40 points and loses them; attempt 2 has 20 all the time."""
    quarter = make_report(
        make_suite(
            "rules", *(make_case(f"c{n}", Verdict(v)) for n, v in enumerate(VERDICTS)), points=80.0
        )
    )
    factories.make_graded(session, members.assignment, members.ada, quarter, attempt=2)
    session.commit()
    assert said_before(app, members) == set()
    here = start(teacher)
    nothing = make_report(make_suite("rules", make_case("x", Verdict.ERROR), points=80.0))
    finish(session, nothing)
    assert said_before(app, members) == set()  # it isn't applied
    teacher.post(f"{here}/apply")
    (said,) = said_before(app, members)
    assert said.startswith("was 40 of 80 before the regrade of ")
    assert said.endswith(": the tests or their points changed")
    members.assignment.feedback = Feedback.NOTHING_UNTIL_DEADLINE
    members.assignment.deadline = now() + timedelta(days=1)
    session.commit()
    assert said_before(app, members) == set()
    members.assignment.feedback = Feedback.SCORE
    session.commit()
    assert len(said_before(app, members)) == 1
    teacher.post(f"{here}/undo")
    assert said_before(app, members) == set()


def test_a_regrade_of_one_submission_says_that_the_tests_are_the_same(
    app: Flask, session: Session, members: Class, graded: Submission
) -> None:
    session.refresh(graded.grading)
    factories.finish(factories.regrade(session, graded), FULL)
    graded.gradings[0].suites_digest = graded.grading.suites_digest
    session.commit()
    (said,) = said_before(app, members)
    assert said.startswith("was 40 of 80 before the regrade of ")
    assert said.endswith(", by the same tests and points")
