"""What holds for one student: deadline, attempt limit, and when submissions are accepted."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from service.courses.deadlines import Terms, last_deadline, terms_of
from service.courses.models import Assignment, Extension, LatePolicy
from tests.service.conftest import Class

DEADLINE = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def extend(session: Session, members: Class, **fields: object) -> None:
    session.add(Extension(assignment_id=members.assignment.id, account_id=members.ada.id, **fields))
    session.commit()


def test_an_extension_moves_the_deadline_of_one_student_alone(
    session: Session, members: Class
) -> None:
    members.assignment.deadline = DEADLINE
    extend(session, members, deadline=DEADLINE + HOUR)
    assert terms_of(session, members.assignment, members.ada).deadline == DEADLINE + HOUR
    assert terms_of(session, members.assignment, members.blaise).deadline == DEADLINE


def test_what_an_extension_leaves_out_stays_the_assignments(
    session: Session, members: Class
) -> None:
    members.assignment.deadline, members.assignment.attempt_limit = DEADLINE, 3
    extend(session, members, attempt_limit=5)
    terms = terms_of(session, members.assignment, members.ada)
    assert (terms.deadline, terms.attempt_limit, terms.extended) == (DEADLINE, 5, True)
    others = terms_of(session, members.assignment, members.blaise)
    assert (others.attempt_limit, others.extended) == (3, False)


def test_an_extension_takes_nothing_away(session: Session, members: Class) -> None:
    members.assignment.deadline, members.assignment.attempt_limit = DEADLINE, 3
    extend(session, members, deadline=DEADLINE - HOUR, attempt_limit=1)
    terms = terms_of(session, members.assignment, members.ada)
    assert (terms.deadline, terms.attempt_limit, terms.extended) == (DEADLINE, 3, False)
    members.assignment.deadline = members.assignment.attempt_limit = None
    terms = terms_of(session, members.assignment, members.ada)
    assert (terms.deadline, terms.attempt_limit, terms.extended) == (None, None, False)


def test_the_last_deadline_is_the_latest_of_all_who_are_enrolled(
    session: Session, members: Class
) -> None:
    assert last_deadline(session, members.assignment) is None
    members.assignment.deadline = DEADLINE
    assert last_deadline(session, members.assignment) == DEADLINE
    extend(session, members, deadline=DEADLINE + HOUR)
    session.add(
        Extension(
            assignment_id=members.assignment.id,
            account_id=members.stranger.id,
            deadline=DEADLINE + 2 * HOUR,
        )
    )
    session.commit()
    assert last_deadline(session, members.assignment) == DEADLINE + HOUR


def test_an_earlier_deadline_of_one_student_does_not_end_the_assignment(
    session: Session, members: Class
) -> None:
    members.assignment.deadline = DEADLINE
    extend(session, members, deadline=DEADLINE - HOUR)
    assert last_deadline(session, members.assignment) == DEADLINE


@pytest.mark.parametrize(
    ("policy", "seconds", "closed"),
    [
        (LatePolicy.ACCEPT, 10**6, False),
        (LatePolicy.REFUSE, 0, False),
        (LatePolicy.REFUSE, 600, False),
        (LatePolicy.REFUSE, 601, True),
    ],
)
def test_late_submissions_are_refused_after_the_grace(
    policy: LatePolicy, seconds: int, closed: bool
) -> None:
    terms = Terms.of(Assignment(deadline=DEADLINE, late_policy=policy, grace_minutes=10))
    assert terms.closed(DEADLINE + timedelta(seconds=seconds)) is closed


def test_an_assignment_that_staff_closed_is_closed_for_everybody() -> None:
    assignment = Assignment(deadline=DEADLINE, closed_at=DEADLINE - HOUR)
    terms = Terms.of(assignment, Extension(deadline=DEADLINE + HOUR))
    assert terms.closed(DEADLINE - HOUR)
    assert not terms.closed(DEADLINE - 2 * HOUR)
    assert terms.final == DEADLINE - HOUR


def test_an_assignment_opens_at_its_moment() -> None:
    terms = Terms.of(Assignment(opens_at=DEADLINE))
    assert not terms.opened(DEADLINE - timedelta(microseconds=1))
    assert terms.opened(DEADLINE)
    assert Terms.of(Assignment()).opened(DEADLINE)
