"""Claims in the fair order, on SQLite and PostgreSQL: by many workers, and from a long queue."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.people.models import Account
from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine
from service.submissions import gradings, line
from service.submissions.fairness import Line
from service.submissions.jobs import Job
from service.submissions.line import LATELY
from service.submissions.models import Grading, Status, Submission
from service.submissions.slots import note_slot
from tests.service.submissions.grading_database import Database
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import plan, queries

REPORT = make_report(make_suite("rules", make_case()))
WORKERS = 6
LONG = 10_000  # queued gradings


def students(database: Database, count: int) -> list[Account]:
    with database.sessions.begin() as session:
        return [factories.make_account(session) for _ in range(count)]


def open_slots(database: Database, count: int) -> None:
    """Say that slots are there."""
    with database.sessions.begin() as session:
        for number in range(count):
            note_slot(session, f"slot {number}")


def student_of(database: Database, job: Job) -> uuid.UUID | None:
    return database.read(job.grading_id).student_id


def test_a_heavy_file_gives_way_to_a_light_one_of_another_student(either: Database) -> None:
    ada, blaise = students(either, 2)
    for attempt in range(1, 5):
        either.submit(ada, attempt=attempt)
    heavy = either.claim()
    light = either.submit(blaise)
    gradings.record(either.sessions, heavy, REPORT)

    assert either.claim().grading_id == light


def test_a_slot_that_freezes_in_a_claim_does_not_stop_the_others(
    request: pytest.FixtureRequest, on_postgres: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradings, "CLAIM_SECONDS", 1)
    engine = make_engine(on_postgres)
    request.addfinalizer(engine.dispose)
    database = Database.of(on_postgres, engine)
    grading_id = database.submit()
    with database.sessions() as frozen:
        gradings._wait_for_claims(frozen)
        assert database.claim().grading_id == grading_id
        with pytest.raises(OperationalError):
            line.find_next(frozen, now())


def test_postgresql_ends_a_transaction_of_a_process_that_has_gone(on_postgres: Settings) -> None:
    engine = make_engine(on_postgres)
    with engine.connect() as connection:
        limit = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    engine.dispose()
    assert limit == "5min"


def test_what_ended_more_than_ten_minutes_ago_is_forgotten(either: Database) -> None:
    ada, blaise = students(either, 2)
    old = either.submit(ada)
    gradings.record(either.sessions, either.claim(), REPORT)
    first, second = either.submit(ada, attempt=2), either.submit(blaise)

    assert either.claim().grading_id == second
    either.change(second, status=Status.QUEUED, lease_until=None)
    either.change(old, finished_at=either.now() - LATELY - timedelta(seconds=1))
    assert either.claim().grading_id == first


def test_a_result_of_an_earlier_version_counts_as_much_as_a_grading_may_use(
    either: Database,
) -> None:
    ada, blaise = students(either, 2)
    for student, seconds in ((ada, None), (blaise, 5.0)):
        done = either.submit(student)
        gradings.record(either.sessions, either.claim(), REPORT)
        either.change(done, cpu_seconds=seconds)
    either.submit(ada, attempt=2)
    of_blaise = either.submit(blaise, attempt=2)

    assert either.claim().grading_id == of_blaise


def test_a_grading_without_a_student_is_claimed_too(either: Database) -> None:
    """A web process of an earlier version names neither student nor course."""
    grading_id = either.submit()
    either.change(grading_id, student_id=None, course_id=None)

    assert either.claim().grading_id == grading_id


def test_a_regrade_waits_for_submissions(either: Database) -> None:
    with either.sessions.begin() as session:
        assignment = session.merge(either.members.assignment)
        done = factories.make_graded(session, assignment, factories.make_account(session), REPORT)
        again = factories.regrade(session, done).id
    submitted = either.submit()

    job = either.claim()
    assert job.grading_id == submitted
    gradings.record(either.sessions, job, REPORT)
    assert either.claim().grading_id == again


def test_workers_that_claim_at_once_never_claim_the_same_grading(either: Database) -> None:
    queued = {either.submit(student) for student in students(either, 4 * WORKERS)}
    start = threading.Barrier(WORKERS)

    def work(number: int) -> list[uuid.UUID]:
        start.wait()
        claimed = []
        while (
            job := gradings.claim_next(either.sessions, either.settings, f"slot {number}")
        ) is not None:
            claimed.append(job.grading_id)
        return claimed

    with ThreadPoolExecutor(WORKERS) as pool:
        claimed = [each for mine in pool.map(work, range(WORKERS)) for each in mine]

    assert Counter(claimed) == Counter(queued)


def test_workers_that_claim_at_once_keep_a_students_limit(either: Database) -> None:
    ada, blaise = students(either, 2)
    open_slots(either, WORKERS)
    for attempt in range(1, 2 * WORKERS):
        either.submit(ada, attempt=attempt)
        either.submit(blaise, attempt=attempt)
    start = threading.Barrier(WORKERS)

    def claim(number: int) -> uuid.UUID | None:
        start.wait()
        job = gradings.claim_next(either.sessions, either.settings, f"slot {number}")
        return None if job is None else student_of(either, job)

    with ThreadPoolExecutor(WORKERS) as pool:
        claimed = Counter(pool.map(claim, range(WORKERS)))

    assert claimed == {ada.id: WORKERS // 2, blaise.id: WORKERS // 2}


def test_a_worker_of_an_earlier_version_that_claims_at_once_takes_nothing_twice(
    either: Database,
) -> None:
    """It locks the row that a message names, without the lock of claims."""
    first, second = either.submit(), either.submit()
    taken = False

    def take(session: Session) -> None:
        nonlocal taken
        if not taken:
            taken = True
            row = text(
                "UPDATE gradings SET status = 'running', tries = 1, lease_until = enqueued_at "
                "WHERE id = :id"
            )
            session.execute(row, {"id": str(first) if on_postgres else first.hex})

    on_postgres = either.engine.dialect.name == "postgresql"
    with pytest.MonkeyPatch.context() as patch:
        lock = gradings._lock

        def lock_later(session: Session, grading_id: uuid.UUID) -> Grading | None:
            take(session)
            return lock(session, grading_id)

        patch.setattr(gradings, "_lock", lock_later)
        assert either.claim().grading_id == second


def test_a_worker_of_an_earlier_version_may_take_what_a_claim_has_chosen(
    either: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = either.submit(), either.submit()
    read_line = line.read_line
    taken = False

    def read_and_take(session: Session, moment: datetime) -> Line:
        nonlocal taken
        found = read_line(session, moment)
        if not taken:
            taken = True
            grading = session.get_one(Grading, first)
            grading.status, grading.lease_until = Status.RUNNING, moment
        return found

    monkeypatch.setattr(line, "read_line", read_and_take)

    assert either.claim().grading_id == second


@pytest.fixture
def crowded(database: Database) -> Database:
    """A database in which many gradings of 50 students in two courses wait."""
    with database.sessions.begin() as session:
        other = factories.make_assignment(session, factories.make_course(session))
        assignments = [session.merge(database.members.assignment), other]
        people = [factories.make_account(session) for _ in range(50)]
        session.flush()
        fill(session, assignments, people)
    return database


def fill(session: Session, assignments: list[Assignment], people: list[Account]) -> None:
    moment = now()
    submissions, queued = [], []
    for number in range(LONG):
        student, assignment = people[number % len(people)], assignments[number % 2]
        submission_id = uuid.uuid4()
        submissions.append(
            {
                "id": submission_id,
                "assignment_id": assignment.id,
                "student_id": student.id,
                "attempt": number + 1,
                "filename": "value.py",
                "source": "",
                "sha256": "",
                "submitted_at": moment,
            }
        )
        queued.append(
            {
                "id": uuid.uuid4(),
                "submission_id": submission_id,
                "student_id": student.id,
                "course_id": assignment.course_id,
                "ordinal": 1,
                "status": Status.QUEUED,
                "seed": 7,
                "queued_at": moment,
                "enqueued_at": moment,
            }
        )
    session.execute(insert(Submission), submissions)
    session.execute(insert(Grading), queued)


def test_a_claim_from_a_long_queue_reads_few_rows_from_indexes(crowded: Database) -> None:
    fetched = 0

    def count(*_: object) -> None:
        nonlocal fetched
        fetched += 1

    event.listen(Grading, "load", count)
    with queries(crowded.engine) as seen:
        crowded.claim()
    event.remove(Grading, "load", count)

    plans = [plan(crowded.engine, query) for query in seen]
    in_line = [steps for steps in plans if any("ix_gradings_in_line" in step for step in steps)]
    assert len(seen) == 9
    assert len(in_line) == 3  # the groups, what runs, and the first of one group
    assert all(len(steps) == 1 and "COVERING INDEX" in steps[0] for steps in in_line)
    steps = [step for steps in plans for step in steps]
    assert any("COVERING INDEX ix_gradings_used" in step for step in steps)
    assert not [step for step in steps if step.startswith("SCAN gradings")]
    assert fetched == 1


def test_claims_from_a_long_queue_take_turns(crowded: Database) -> None:
    open_slots(crowded, 50)
    claimed = Counter(student_of(crowded, crowded.claim()) for _ in range(50))
    assert set(claimed.values()) == {1}
