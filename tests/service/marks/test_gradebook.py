"""Which result counts as a student's mark, and what staff set by hand."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.courses.models import Course
from service.errors import Forbidden, Invalid
from service.marks.export import grades_csv
from service.marks.gradebook import gradebook, mark_of, marks
from service.marks.late import late_minutes
from service.marks.overrides import overrides_of, set_override
from service.people.actors import LocalOperator
from service.submissions.models import Status
from tests.service.conftest import Class
from tests.service.marks.scores import failures, scored
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries
from worker.report.model import Verdict


def test_the_best_submission_counts_and_of_two_equals_the_earlier(
    session: Session, members: Class
) -> None:
    made = [
        factories.make_graded(
            session, members.assignment, members.ada, scored(passed), attempt=attempt
        )
        for attempt, passed in enumerate((1, 3, 3, 2), 1)
    ]
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.score, mark.max_score, mark.attempts) == (75.0, 100.0, 4)
    assert mark.submission_id == made[1].id
    assert mark.grading_id == made[1].grading.id
    assert mark.submitted_at == made[1].submitted_at


def test_if_the_points_have_changed_the_larger_share_counts(
    session: Session, members: Class
) -> None:
    made = [
        factories.make_graded(session, members.assignment, members.ada, report, attempt=attempt)
        for attempt, report in enumerate(
            (
                make_report(make_suite("rules", make_case("sum", Verdict.ERROR), points=0.0)),
                scored(3),
                make_report(make_suite("rules", make_case("sum"), points=10.0)),
            ),
            1,
        )
    ]
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.score, mark.max_score, mark.submission_id) == (10.0, 10.0, made[2].id)


def test_a_set_mark_stays_the_same_share_if_the_points_change(
    session: Session, members: Class
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, scored(3))
    set_override(session, members.teacher, submission, score=90.0, reason="Seen in class.")
    assert mark_of(session, members.teacher, members.assignment, members.ada).effective == 90
    again = factories.regrade(session, submission)
    factories.finish(again, make_report(make_suite("rules", make_case("sum"), points=10.0)))
    session.flush()
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.effective, mark.max_score) == (9.0, 10.0)
    row = grades_csv(session, members.teacher, members.assignment).splitlines()[1]
    assert ",9,10,10,1," in row
    assert row.endswith(",0,Seen in class.,9")
    (kept,) = overrides_of(session, members.teacher, members.assignment, members.ada)
    kept.max_score = None  # as in rows from before it was stored
    assert mark_of(session, members.teacher, members.assignment, members.ada).effective == 90


def test_the_newest_result_of_a_regraded_submission_counts(
    session: Session, members: Class
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, scored(4))
    again = factories.regrade(session, submission)
    factories.finish(again, scored(1))
    session.flush()
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.score, mark.grading_id) == (25.0, again.id)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.ERRORED])
def test_a_regrade_without_a_result_does_not_remove_the_mark(
    session: Session, members: Class, status: Status
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, scored(3))
    first = submission.grading
    factories.regrade(session, submission, status)
    session.flush()
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.score, mark.grading_id, mark.status) == (75.0, first.id, Status.DONE)
    assert submission.counting is first
    (case,) = failures(session, members)
    assert (case.case_ids, case.of) == (("case3",), 1)


def test_an_ungraded_submission_is_in_the_gradebook_without_a_score(
    session: Session, members: Class
) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    newest = factories.make_submission(session, members.assignment, members.ada, attempt=2)
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.submission_id, mark.score, mark.effective) == (newest.id, None, None)
    nothing = mark_of(session, members.teacher, members.assignment, members.blaise)
    assert (nothing.submission_id, nothing.attempts, nothing.max_score) == (None, 0, 100.0)


def test_marks_are_of_students_by_name_and_not_of_staff(session: Session, members: Class) -> None:
    factories.make_graded(session, members.assignment, members.teacher, scored(4))
    found = marks(session, members.teacher, members.assignment)
    assert [(mark.student.name, mark.score) for mark in found] == [("Ada", None), ("Blaise", None)]


def test_an_override_counts_until_it_is_removed_and_stays_in_the_history(
    session: Session, members: Class
) -> None:
    submission = factories.make_graded(session, members.assignment, members.ada, scored(2))
    author = members.teacher
    set_override(session, author, submission, score=90, reason="oral exam")
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.score, mark.effective) == (50.0, 90.0)
    assert mark.override is not None
    assert (mark.override.reason, mark.override.author.name) == ("oral exam", "Teacher")
    set_override(session, author, submission, score=None, reason="a mix-up")
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.override, mark.effective) == (None, 50.0)
    history = overrides_of(session, members.teacher, members.assignment, members.ada)
    assert [(each.score, each.reason) for each in history] == [
        (None, "a mix-up"),
        (90.0, "oral exam"),
    ]


@pytest.mark.parametrize("score", [-0.1, 100.1, math.nan, math.inf])
def test_an_override_is_from_0_to_all_points(
    session: Session, members: Class, score: float
) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    with pytest.raises(Invalid, match="from 0 to 100") as error:
        set_override(session, members.teacher, submission, score=score, reason="x")
    assert error.value.fields.keys() == {"score"}


@pytest.mark.parametrize("score", [0, 100])
def test_both_ends_are_allowed(session: Session, members: Class, score: float) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    kept = set_override(session, members.teacher, submission, score=score, reason="x")
    assert kept.score == score


def test_a_mark_is_set_out_of_the_points_that_the_page_shows(
    session: Session, members: Class
) -> None:
    for suite in members.assignment.suites:
        suite.weight = 5.0
    submission = factories.make_graded(session, members.assignment, members.ada, scored(2))
    set_override(session, members.teacher, submission, score=90, reason="oral exam")
    mark = mark_of(session, members.teacher, members.assignment, members.ada)
    assert (mark.effective, mark.max_score) == (90.0, 100.0)


def test_only_staff_can_override_a_mark(session: Session, members: Class) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    with pytest.raises(Forbidden):
        set_override(session, members.ada, submission, score=1, reason="x")


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(-60, 0), (0, 0), (1, 1), (60, 1), (61, 2), (86_400, 1440)]
)
def test_lateness_is_in_minutes_rounded_up(seconds: int, minutes: int) -> None:
    deadline = datetime(2026, 3, 1, tzinfo=UTC)
    submitted_at = deadline + timedelta(seconds=seconds)
    assert late_minutes(deadline, submitted_at) == minutes
    assert late_minutes(None, submitted_at) == 0


def test_a_gradebook_makes_as_many_queries_for_a_large_class_as_for_a_small_one(
    session: Session, engine: Engine, members: Class
) -> None:
    def count(course: Course) -> int:
        session.commit()
        session.expunge_all()
        with queries(engine) as seen:
            book = gradebook(session, LocalOperator(), course)
            for _, row in book.rows:
                for mark in row.values():
                    assert mark.effective is None or mark.override is None
        return len(seen)

    small = count(members.course)
    large = factories.make_course(session)
    assignments = [factories.make_assignment(session, large) for _ in range(3)]
    for _ in range(10):
        student = factories.enrol(session, large, factories.make_account(session))
        for assignment in assignments:
            factories.make_graded(session, assignment, student, scored(2))
    assert count(large) == small == 6


def test_a_gradebook_has_a_mark_for_every_student_in_every_assignment(
    session: Session, members: Class
) -> None:
    second = factories.make_assignment(session, members.course)
    factories.make_graded(session, second, members.blaise, scored(4))
    book = gradebook(session, members.teacher, members.course)
    assert [assignment.id for assignment in book.assignments] == [members.assignment.id, second.id]
    assert [
        (student.name, [row[each.id].score for each in book.assignments])
        for student, row in book.rows
    ] == [("Ada", [None, None]), ("Blaise", [None, 100.0])]


def test_a_course_without_students_or_assignments_has_an_empty_gradebook(session: Session) -> None:
    course = factories.make_course(session)
    book = gradebook(session, LocalOperator(), course)
    assert (book.assignments, book.rows) == ([], [])
    assert grades_csv(session, LocalOperator(), course) == "\ufeffe-mail,name,student number\r\n"
