"""The queue as probes and metrics see it, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_sessions, read_clock
from service.submissions.line import CourseQueue, QueueState, read_queue
from service.submissions.models import Submission
from tests.service.conftest import Class, make_class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import plan, queries

REPORT = make_report(make_suite("rules", make_case()))
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on either database."""
    name = "settings" if request.param == "sqlite" else "on_postgres"
    settings: Settings = request.getfixturevalue(name)
    engine = make_engine(settings)
    with make_sessions(engine)() as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def members(session: Session) -> Class:
    return make_class(session)


def submit(
    session: Session, members: Class, *, seconds_ago: float = 0, attempt: int = 1
) -> Submission:
    """A queued submission of Ada's."""
    moment = read_clock(session) - timedelta(seconds=seconds_ago)
    return factories.make_submission(
        session, members.assignment, members.ada, attempt=attempt, submitted_at=moment
    )


def test_an_empty_queue_has_no_oldest_grading(session: Session, members: Class) -> None:
    factories.make_graded(session, members.assignment, members.ada, REPORT)
    assert read_queue(session) == QueueState(
        length=0, oldest_seconds=None, last_started_seconds=None, by_course={}
    )


def test_the_queue_has_the_length_and_the_age_of_each_course(
    session: Session, members: Class
) -> None:
    submit(session, members, seconds_ago=40)
    submit(session, members, seconds_ago=90, attempt=2)
    other = factories.make_course(session, "other")
    assignment = factories.make_assignment(session, other)
    factories.make_submission(session, assignment, members.ada)
    session.commit()

    state = read_queue(session)

    assert state.length == 3
    assert state.by_course.keys() == {"demo", "other"}
    assert state.by_course["demo"].length == 2
    assert state.oldest_seconds == state.by_course["demo"].oldest_seconds
    assert 90 <= state.by_course["demo"].oldest_seconds < 90 + 60
    assert state.by_course["other"].oldest_seconds < 60


def test_the_last_start_is_known_after_the_grading_has_ended(
    session: Session, members: Class
) -> None:
    first, second = submit(session, members), submit(session, members, attempt=2)
    first.grading.started_at = read_clock(session) - 2 * HOUR
    second.grading.started_at = read_clock(session) - HOUR
    factories.finish(first.grading, REPORT)
    factories.finish(second.grading, REPORT)

    found = read_queue(session).last_started_seconds

    assert found is not None
    assert 3600 <= found < 3600 + 60


def test_no_age_is_negative_after_the_clock_was_set_back(session: Session, members: Class) -> None:
    submit(session, members, seconds_ago=-3600)
    submit(session, members, attempt=2).grading.started_at = read_clock(session) + HOUR
    earlier = submit(session, members, attempt=3)
    earlier.grading.started_at = read_clock(session) - HOUR
    factories.finish(earlier.grading, REPORT)

    state = read_queue(session)

    assert state.by_course["demo"] == CourseQueue(
        length=2, oldest_seconds=state.oldest_seconds or 0.0
    )
    assert 0 <= state.by_course["demo"].oldest_seconds < 60
    assert (state.last_started_seconds or 0) >= 3600


def test_the_queue_is_read_from_indexes(engine: Engine) -> None:
    with queries(engine) as seen, make_sessions(engine)() as session:
        read_queue(session)

    steps = [step for query in seen for step in plan(engine, query)]
    assert not [step for step in steps if step.startswith("SCAN gradings")]
    assert any("ix_gradings_in_line" in step for step in steps)


def test_the_clock_of_the_database_has_a_time_zone(session: Session) -> None:
    assert abs(read_clock(session) - now()) < HOUR
