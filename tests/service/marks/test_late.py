"""Which attempt counts, and what being late costs."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service.courses.models import Assignment, AttemptThatCounts, Extension, LatePolicy
from service.marks.gradebook import Mark, mark_of, marks
from service.marks.late import DAY, LateDeduction
from service.marks.overrides import set_override
from service.people.actors import LocalOperator
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.submissions.models import Submission
from tests.service.conftest import Class, make_class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Problem, ProblemKind, Report, Verdict

DEADLINE = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

rules = st.builds(
    LateDeduction,
    percent=st.floats(0, 100),
    floor=st.floats(0, 100),
    grace=st.integers(0, 3000).map(lambda minutes: timedelta(minutes=minutes)),
)
moments = st.timedeltas(-30 * DAY, 90 * DAY).map(lambda length: DEADLINE + length)
lengths = st.timedeltas(timedelta(), timedelta(days=60))


@given(rules, moments, lengths)
def test_a_later_submission_never_keeps_more(
    rule: LateDeduction, moment: datetime, length: timedelta
) -> None:
    earlier, later = rule.days(DEADLINE, moment), rule.days(DEADLINE, moment + length)
    assert earlier <= later
    assert rule.kept(earlier) >= rule.kept(later)


@given(rules, st.integers(0, 10_000))
def test_a_submission_keeps_the_floor_and_at_most_everything(
    rule: LateDeduction, days: int
) -> None:
    assert rule.floor / 100 <= rule.kept(days) <= 1


@given(rules, moments, lengths)
def test_an_extension_shifts_the_whole_deduction(
    rule: LateDeduction, moment: datetime, length: timedelta
) -> None:
    assert rule.days(DEADLINE + length, moment + length) == rule.days(DEADLINE, moment)


@given(rules, moments)
def test_nothing_is_lost_in_time_and_within_the_grace(
    rule: LateDeduction, moment: datetime
) -> None:
    in_time = min(moment, DEADLINE + rule.grace)
    assert rule.days(DEADLINE, in_time) == rule.days(None, moment) == 0
    assert rule.kept(0) == 1


@pytest.mark.parametrize(
    ("late", "days"),
    [
        (timedelta(), 0),
        (timedelta(minutes=10), 0),
        (timedelta(minutes=10, microseconds=1), 1),
        (timedelta(minutes=10) + DAY, 1),
        (timedelta(minutes=10, microseconds=1) + DAY, 2),
    ],
)
def test_each_day_that_begins_after_the_grace_counts(late: timedelta, days: int) -> None:
    rule = LateDeduction(percent=10, floor=0, grace=timedelta(minutes=10))
    assert rule.days(DEADLINE, DEADLINE + late) == days


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (1, "10 % for each day late: 1 day"),
        (3, "10 % for each day late: 3 days"),
        (9, "10 % for each day late: 9 days, 70 % at most"),
    ],
)
def test_the_reason_is_in_words(days: int, text: str) -> None:
    assert LateDeduction(percent=10, floor=30, grace=timedelta()).explain(days) == text


def test_a_deadline_at_the_end_of_the_calendar_breaks_nothing() -> None:
    rule = LateDeduction(percent=10, floor=0, grace=timedelta(minutes=10))
    assert rule.days(datetime.max.replace(tzinfo=UTC), DEADLINE) == 0


def test_late_submissions_that_are_refused_or_accepted_lose_nothing() -> None:
    assert LateDeduction.of(Assignment(late_policy=LatePolicy.ACCEPT)) is None
    assert LateDeduction.of(Assignment(late_policy=LatePolicy.REFUSE, late_percent=10.0)) is None


def scored(passed: int, problem: Problem | None = None) -> Report:
    """A report that earns so many quarters of 100 points."""
    cases = [
        make_case(f"case{number}", Verdict.PASSED if number < passed else Verdict.WRONG_GRADIENT)
        for number in range(4)
    ]
    return make_report(make_suite("rules", *cases, points=100.0), problem=problem)


@pytest.fixture
def costly(members: Class, session: Session) -> Class:
    """A class whose assignment takes 25 % a day, after a grace of an hour, down to 10 %."""
    assignment = members.assignment
    assignment.deadline, assignment.grace_minutes = DEADLINE, 60
    assignment.late_percent, assignment.late_floor = 25.0, 10.0
    session.commit()
    return members


def add(
    session: Session, members: Class, attempt: int, passed: int, at: datetime, **fields: Any
) -> Submission:
    return factories.make_graded(
        session,
        members.assignment,
        members.ada,
        scored(passed, **fields),
        attempt=attempt,
        submitted_at=at,
    )


def ada(session: Session, members: Class) -> Mark:
    session.commit()
    return mark_of(session, members.ada, members.assignment, members.ada)


def test_a_late_score_has_no_noise_of_binary_arithmetic(session: Session, costly: Class) -> None:
    costly.assignment.late_percent = 10.0
    report = make_report(make_suite("rules", make_case(), points=3.0))
    factories.make_graded(
        session, costly.assignment, costly.ada, report, submitted_at=DEADLINE + 3 * DAY
    )
    mark = ada(session, costly)
    assert (mark.score, mark.deduction, mark.effective) == (3.0, 0.9, 2.1)


def test_a_late_score_loses_its_share_and_the_mark_says_why(
    session: Session, costly: Class
) -> None:
    add(session, costly, 1, 4, DEADLINE + HOUR + DAY + HOUR)
    mark = ada(session, costly)
    assert (mark.score, mark.deduction, mark.mark, mark.effective) == (100, 50, 50, 50)
    assert (mark.days_late, mark.late_minutes) == (2, 26 * 60)
    assert mark.why == "25 % for each day late: 2 days"


def test_the_best_attempt_is_the_best_after_the_deduction(session: Session, costly: Class) -> None:
    in_time = add(session, costly, 1, 3, DEADLINE)
    add(session, costly, 2, 4, DEADLINE + DAY + 2 * HOUR)  # 100 points less two days
    mark = ada(session, costly)
    assert (mark.submission_id, mark.mark, mark.why) == (in_time.id, 75, "")
    late = add(session, costly, 3, 4, DEADLINE + 3 * HOUR, problem=None)
    mark = ada(session, costly)
    assert mark.submission_id == in_time.id  # 75 of 100: of two equals, the earlier one
    costly.assignment.late_percent = 20.0
    mark = ada(session, costly)
    assert (mark.submission_id, mark.mark) == (late.id, 80)
    assert mark.attempts == 3


def test_a_late_attempt_keeps_the_floor(session: Session, costly: Class) -> None:
    add(session, costly, 1, 2, DEADLINE + 100 * DAY)
    mark = ada(session, costly)
    assert mark.mark == pytest.approx(5)
    assert mark.why == "25 % for each day late: 100 days, 90 % at most"


def test_an_extension_takes_the_deduction_away(session: Session, costly: Class) -> None:
    add(session, costly, 1, 4, DEADLINE + 2 * DAY)
    session.add(
        Extension(
            assignment_id=costly.assignment.id,
            account_id=costly.ada.id,
            deadline=DEADLINE + 2 * DAY,
        )
    )
    mark = ada(session, costly)
    assert (mark.mark, mark.late_minutes, mark.why) == (100, 0, "")


def test_what_could_not_be_graded_never_counts_before_what_could(
    session: Session, costly: Class
) -> None:
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="x", line=1)
    add(session, costly, 1, 4, DEADLINE, problem=problem)
    late = add(session, costly, 2, 1, DEADLINE + 9 * DAY)
    factories.make_submission(
        session, costly.assignment, costly.ada, attempt=3, submitted_at=DEADLINE
    )
    assert ada(session, costly).submission_id == late.id


def test_the_latest_graded_attempt_counts_if_the_assignment_says_so(
    session: Session, members: Class
) -> None:
    members.assignment.attempt_that_counts = AttemptThatCounts.LATEST
    add(session, members, 1, 4, DEADLINE)
    latest = add(session, members, 2, 1, DEADLINE + HOUR)
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="x", line=1)
    add(session, members, 3, 0, DEADLINE + 2 * HOUR, problem=problem)
    add(session, members, 4, 4, DEADLINE - HOUR)  # staff submitted it, with its time
    mark = ada(session, members)
    assert (mark.submission_id, mark.mark) == (latest.id, 25)
    factories.make_submission(
        session, members.assignment, members.ada, attempt=5, submitted_at=DEADLINE + 3 * HOUR
    )
    assert ada(session, members).submission_id == latest.id


def test_the_latest_attempt_loses_points_for_being_late_too(
    session: Session, costly: Class
) -> None:
    costly.assignment.attempt_that_counts = AttemptThatCounts.LATEST
    add(session, costly, 1, 4, DEADLINE)
    add(session, costly, 2, 4, DEADLINE + DAY)
    assert ada(session, costly).mark == 75


def test_a_mark_set_by_hand_loses_nothing(session: Session, costly: Class) -> None:
    late = add(session, costly, 1, 4, DEADLINE + DAY)
    set_override(session, costly.teacher, late, score=90.0, reason="ill")
    mark = ada(session, costly)
    assert (mark.mark, mark.effective) == (75, 90)


def test_students_and_staff_see_the_score_the_deduction_and_why(
    app: Flask, session: Session, costly: Class
) -> None:
    late = add(session, costly, 1, 4, DEADLINE + DAY)
    session.commit()
    why = "25 % for each day late: 1 day"
    for who, path in (
        (costly.ada, "/courses/demo"),
        (costly.ada, "/courses/demo/assignments/autograd"),
        (costly.ada, f"/submissions/{late.id}"),
        (costly.teacher, f"/submissions/{late.id}/review"),
        (costly.teacher, "/courses/demo/students/ada@example.edu"),
        (costly.teacher, "/courses/demo/assignments/autograd"),
        (costly.teacher, "/courses/demo/gradebook"),
    ):
        page = " ".join(signed_in(app, who).get(path).text.split())
        assert re.search(r"(?<![\d.])75(\.00| of 100)\b", page), path
        assert why in page, path


def test_a_submission_is_as_late_as_the_students_own_deadline_says(
    client: FlaskClient, session: Session, costly: Class
) -> None:
    late = add(session, costly, 1, 4, DEADLINE + DAY)
    extension = Extension(
        assignment_id=costly.assignment.id,
        account_id=costly.ada.id,
        deadline=DEADLINE + DAY - HOUR,
    )
    session.add(extension)
    session.commit()
    headers = costly.bearer(costly.ada)
    listed = client.get("/api/v1/assignments/autograd/submissions", headers=headers).json
    read = client.get(f"/api/v1/submissions/{late.id}", headers=headers).json
    assert listed is not None
    assert read is not None
    assert listed["submissions"][0]["late_minutes"] == read["late_minutes"] == 60


@pytest.mark.parametrize("counts", list(AttemptThatCounts))
def test_both_databases_choose_as_a_comparison_of_all_attempts_does(
    database_settings: Settings, counts: AttemptThatCounts
) -> None:
    engine, generator = make_engine(database_settings), Random(7)
    rule = LateDeduction(percent=25, floor=10, grace=HOUR)
    expected = {}
    with make_sessions(engine)() as session:
        members = make_class(session)
        assignment = members.assignment
        assignment.deadline, assignment.grace_minutes = DEADLINE, 60
        assignment.late_percent, assignment.late_floor = rule.percent, rule.floor
        assignment.attempt_that_counts = counts
        for _ in range(25):
            student = factories.enrol(session, members.course, factories.make_account(session))
            best = []
            for attempt in range(1, 6):
                passed, at = generator.randrange(5), DEADLINE + generator.randrange(-9, 99) * HOUR
                factories.make_graded(
                    session, assignment, student, scored(passed), attempt=attempt, submitted_at=at
                )
                mark = 25 * passed * rule.kept(rule.days(DEADLINE, at))
                order = (-mark, at) if counts is AttemptThatCounts.BEST else (-at.timestamp(),)
                best.append((order, -attempt if len(order) == 1 else attempt, mark))
            expected[student.id] = min(best)[2]
        session.commit()
        found = marks(session, LocalOperator(), assignment)
        assert {each.student.id: each.mark for each in found if each.attempts} == pytest.approx(
            expected
        )
    engine.dispose()
