"""The database enforces its rules, whichever code writes to it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from service.courses.models import Assignment, LatePolicy
from service.marks.models import Override
from service.people.models import Account
from service.store.base import UtcDateTime, now
from service.store.database import make_readers, make_sessions
from service.submissions.models import Status
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite


def test_moments_of_any_time_zone_come_back_in_utc(session: Session) -> None:
    account = factories.make_account(session)
    account.created_at = datetime(2026, 3, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    session.commit()
    session.expire(account)
    assert account.created_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert account.created_at.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_rejected(session: Session) -> None:
    account = factories.make_account(session)
    account.created_at = datetime(2026, 3, 1)  # noqa: DTZ001 - that is the matter
    with pytest.raises(StatementError, match="time zone"):
        session.flush()
    assert UtcDateTime.cache_ok


def test_an_e_mail_is_in_lower_case_and_belongs_to_one_account(session: Session) -> None:
    factories.make_account(session, email="ada@example.edu")
    session.commit()
    for email in ("ADA@example.edu", "ada@example.edu"):
        session.add(Account(name="Another", email=email))
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


def test_a_grading_that_is_done_has_report_and_score_and_one_that_runs_has_a_lease(
    session: Session, members: Class
) -> None:
    grading = factories.make_submission(session, members.assignment, members.ada).grading
    session.commit()
    for status in (Status.DONE, Status.RUNNING):
        grading.status = status
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()
    factories.finish(grading, make_report(make_suite("rules", make_case())))
    session.commit()


def test_the_database_rejects_an_unknown_status(session: Session, members: Class) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    with pytest.raises(IntegrityError):
        session.execute(text("UPDATE gradings SET status = 'lost'"))


def test_an_override_needs_a_reason_that_is_not_blank(session: Session, members: Class) -> None:
    submission = factories.make_submission(session, members.assignment, members.ada)
    session.add(
        Override(
            assignment_id=members.assignment.id,
            student_id=members.ada.id,
            submission_id=submission.id,
            score=1,
            reason="  ",
            author_id=members.teacher.id,
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    ("closed_at", "deadline", "policy", "closed"),
    [
        (None, None, LatePolicy.REFUSE, False),
        (-1, None, LatePolicy.ACCEPT, True),
        (0, None, LatePolicy.ACCEPT, True),
        (1, None, LatePolicy.ACCEPT, False),
        (None, -1, LatePolicy.ACCEPT, False),
        (None, -1, LatePolicy.REFUSE, True),
        (None, 0, LatePolicy.REFUSE, False),
    ],
)
def test_an_assignment_closes_by_hand_or_by_its_deadline(
    closed_at: int | None, deadline: int | None, policy: LatePolicy, closed: bool
) -> None:
    moment = now()

    def at(hours: int | None) -> datetime | None:
        return None if hours is None else moment + timedelta(hours=hours)

    assignment = Assignment(closed_at=at(closed_at), deadline=at(deadline), late_policy=policy)
    assert assignment.closed(moment) is closed


@pytest.mark.usefixtures("blank")
def test_readers_do_not_wait_for_writers(engine: Engine) -> None:
    with make_sessions(engine)() as writer, make_readers(engine)() as reader:
        factories.make_account(writer)
        assert reader.query(Account).count() == 0
        writer.commit()


@pytest.mark.usefixtures("blank")
def test_a_writing_transaction_excludes_other_writers_from_its_first_read(engine: Engine) -> None:
    with make_sessions(engine)() as first:
        first.query(Account).count()
        raw = engine.raw_connection()
        try:
            raw.execute("PRAGMA busy_timeout=0")
            with pytest.raises(Exception, match="locked"):
                raw.execute("BEGIN IMMEDIATE")
        finally:
            raw.invalidate()
            raw.close()
