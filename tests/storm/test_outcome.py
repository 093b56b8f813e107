"""The checks after a storm find what they look for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.people.models import Account
from service.settings import Settings
from service.store.base import Base, now
from service.store.database import make_engine, make_sessions
from service.submissions.models import Grading, Status, StoredReport, Submission
from tests.storm.installations import Outage
from tests.storm.outcome import count_open, find_complaints, measure_waits
from tests.storm.sources import Expected
from tests.storm.traffic import Class, Sent
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.tally import Tally

REPORT = make_report(make_suite("worked-example", make_case()))
EXPECTED = {"right": Expected(REPORT.score, None, Tally.of(REPORT).to_json()["suites"])}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with a class."""
    environ = {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "s" * 40}
    engine = make_engine(Settings.from_env(environ))
    Base.metadata.create_all(engine)
    Class(engine, 2)
    yield engine
    engine.dispose()


@pytest.fixture
def sent(engine: Engine) -> list[Sent]:
    """Two files of a student that were accepted and graded."""
    made = []
    with make_sessions(engine).begin() as session:
        assignment = session.scalars(select(Assignment)).one()
        student = session.scalars(select(Account).order_by(Account.email)).first()
        assert student is not None
        for attempt in (1, 2):
            stored = factories.make_graded(session, assignment, student, REPORT, attempt=attempt)
            each = Sent(student.email, "right", f"key-{attempt}")
            each.accepted_at, each.submission_id, each.attempt = 1.0, str(stored.id), attempt
            made.append(each)
    return made


def test_nothing_is_wrong_after_a_storm_that_did_no_harm(engine: Engine, sent: list[Sent]) -> None:
    assert find_complaints(engine, sent, EXPECTED) == []
    assert count_open(engine) == 0


def lose_report(session: Session) -> None:
    """Remove one report."""
    session.execute(delete(StoredReport).where(StoredReport.grading_id == a_grading(session).id))


def add_grading(session: Session) -> None:
    """Grade one submission twice."""
    submission = a_grading(session).submission
    factories.finish(factories.regrade(session, submission), REPORT)


def lower_score(session: Session) -> None:
    """Give every submission another score."""
    session.execute(update(Grading).values(score=0.5))


def forget(session: Session) -> None:
    """Leave an accepted submission in the queue, as a worker does that never asks for it."""
    values = {"status": Status.QUEUED, "score": None, "max_score": None, "finished_at": None}
    session.execute(update(Grading).values(values))


def hang(session: Session) -> None:
    """Leave an accepted submission with a lease."""
    forget(session)
    session.execute(update(Grading).values(status=Status.RUNNING, lease_until=now()))


def leave_queued(session: Session) -> None:
    """Leave a new submission that nobody grades and nobody was answered."""
    submission = a_grading(session).submission
    factories.make_submission(session, submission.assignment, submission.student, attempt=3)


def a_grading(session: Session) -> Grading:
    """The first grading."""
    return (
        session.scalars(select(Grading).join(Submission).order_by(Submission.attempt)).first()
        or Grading()
    )


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lose_report, "has no report"),
        (add_grading, "has 2 gradings"),
        (lower_score, "points, not"),
        (forget, "is queued after"),
        (hang, "is running after"),
        (leave_queued, "a submission without a 202"),
    ],
)
def test_harm_in_the_database_is_found(
    engine: Engine, sent: list[Sent], harm: Callable[[Session], None], complaint: str
) -> None:
    with make_sessions(engine).begin() as session:
        harm(session)
    assert any(complaint in found for found in find_complaints(engine, sent, EXPECTED))


def test_a_lost_file_a_wrong_answer_and_a_missing_attempt_are_found(
    engine: Engine, sent: list[Sent]
) -> None:
    lost = Sent(sent[0].student, "right", "key-3")
    lost.answers.append(500)
    sent[1].attempt = 3
    found = " ".join(find_complaints(engine, [*sent, lost], EXPECTED))
    assert "never accepted: ['key-3']" in found
    assert "unexpected answers: {'key-3': [500]}" in found
    assert "has the attempts [1, 3]" in found


def test_waits_leave_out_the_outages_and_the_student_who_floods(
    engine: Engine, sent: list[Sent]
) -> None:
    with make_sessions(engine).begin() as session:
        grading = a_grading(session)
        assert grading.finished_at is not None
        begin = grading.finished_at - timedelta(seconds=20)
        grading.submission.submitted_at = begin
    moment = begin.timestamp()
    sent[1].flood = True
    outages = [Outage("web", moment + 5, moment + 9), Outage("slot", moment + 8, moment + 10)]

    (wait,) = measure_waits(engine, sent, outages)

    assert wait.seconds == pytest.approx(20)
    assert wait.beyond == pytest.approx(15)
