"""The checks after a storm find what they look for."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
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
from tests.storm.outcome import (
    RETURN_SECONDS,
    Wait,
    count_open,
    find_complaints,
    find_late,
    measure_waits,
)
from tests.storm.sources import Expected
from tests.storm.traffic import Class, Sent, Traffic, Try
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
            each.first_tried_at = stored.submitted_at.timestamp()
            made.append(each)
    return made


def test_nothing_is_wrong_after_a_storm_that_did_no_harm(engine: Engine, sent: list[Sent]) -> None:
    assert find_complaints(engine, sent, EXPECTED, []) == []
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
    assert any(complaint in found for found in find_complaints(engine, sent, EXPECTED, []))


def test_a_lost_file_a_wrong_answer_and_a_missing_attempt_are_found(
    engine: Engine, sent: list[Sent]
) -> None:
    lost = Sent(sent[0].student, "right", "key-3")
    lost.tries.append(Try(1.0, 2.0, 500))
    sent[1].attempt = 3
    found = " ".join(find_complaints(engine, [*sent, lost], EXPECTED, []))
    assert "never accepted: ['key-3']" in found
    assert "unexpected answers: {'key-3': [500]}" in found
    assert "has the attempts [1, 3]" in found


def test_a_202_that_is_not_stored_is_found(engine: Engine, sent: list[Sent]) -> None:
    sent[0].submission_id = str(uuid.uuid4())
    found = find_complaints(engine, sent, EXPECTED, [])
    assert "key-1 got 202 but is not stored" in found


def test_two_files_that_share_a_submission_are_found(engine: Engine, sent: list[Sent]) -> None:
    sent[1].submission_id = sent[0].submission_id
    assert "1 files share a submission" in find_complaints(engine, sent, EXPECTED, [])


@pytest.mark.parametrize("status", [0, 503])
@pytest.mark.parametrize(
    ("outages", "is_found"),
    [
        ([], True),
        ([Outage("web", 90.0, 99.0)], False),
        ([Outage("postgres", 101.0, None)], False),
        ([Outage("web", 90.0, 99.0 - RETURN_SECONDS)], True),
        ([Outage("web", 103.0, 104.0)], True),
        ([Outage("slot", 90.0, None)], True),  # the web process needs none
    ],
)
def test_a_request_may_be_refused_or_cut_only_while_what_it_needs_is_down(
    engine: Engine, sent: list[Sent], status: int, outages: list[Outage], is_found: bool
) -> None:
    sent[0].tries = [Try(100.0, 102.0, status), Try(103.0, 104.0, 202)]
    complaint = f"1 refused or cut with nothing down: ['key-1 ({status})']"
    assert (complaint in find_complaints(engine, sent, EXPECTED, outages)) is is_found


def test_nobody_may_wait_over_ten_seconds_beyond_the_outages() -> None:
    waits = [Wait(f"key-{beyond}", 60.0, beyond) for beyond in (10.01, 10.0, 0.1)]
    assert find_late(waits) == ["1 waited over 10 s beyond the outages"]
    assert find_late(waits[1:]) == []


def test_files_that_several_threads_make_have_keys_of_their_own() -> None:
    class Counted(list[Sent]):
        """A list whose length only one thread at a time may read."""

        def __len__(self) -> int:
            assert traffic._making.locked()
            return super().__len__()

    traffic = Traffic("http://nowhere", {"a": "", "b": ""}, random.Random(1))
    traffic.sent = Counted()
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: traffic.new().key, range(2)))
    traffic.close()
    assert sorted(made) == ["key-0", "key-1"]


def test_waits_leave_out_the_outages_and_the_student_who_floods(
    engine: Engine, sent: list[Sent]
) -> None:
    with make_sessions(engine).begin() as session:
        grading = a_grading(session)
        assert grading.finished_at is not None
        begin = grading.finished_at - timedelta(seconds=20)
    moment = begin.timestamp()
    sent[0].first_tried_at = moment  # it was accepted later
    sent[1].flood = True
    outages = [Outage("web", moment + 5, moment + 9), Outage("slot", moment + 8, moment + 10)]

    (wait,) = measure_waits(engine, sent, outages)

    assert wait.seconds == pytest.approx(20)
    assert wait.beyond == pytest.approx(15)
