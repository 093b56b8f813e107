"""The rim of the worker: claim, record, release and reap, on real books and in the real sandbox."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import undefer

from service.courses.models import Assignment, AssignmentSuite, Course
from service.people.models import Account
from service.settings import Settings
from service.store.base import Base, now
from service.submissions.models import Grading, Status, Submission
from tests.students import engine
from tests.support.sql_statements import plan, queries
from worker import tasks
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.names import Names
from worker.sandbox import Sandbox, SandboxError
from worker.suites import catalogue


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[tasks.Slot]:
    """A worker's slot on empty books."""
    settings = Settings.from_env(
        {"CHAINRULE_DATA_DIR": str(tmp_path), "CHAINRULE_SECRET_KEY": "s" * 48}
    )
    slot = tasks.Slot.open(settings)
    Base.metadata.create_all(slot.engine)
    yield slot
    slot.close()


def submit(slot: tasks.Slot, source: str, suite: str = "worked-example") -> uuid.UUID:
    """A queued grading of a new student's submission."""
    with slot.sessions.begin() as session:
        student = Account(email=f"{uuid.uuid4().hex}@example.edu", name="A Student")
        course = Course(slug=uuid.uuid4().hex, title="A course")
        assignment = Assignment(
            course=course,
            slug=uuid.uuid4().hex,
            title="An assignment",
            suites=[AssignmentSuite(suite=suite, weight=10, position=0)],
        )
        submission = Submission(
            assignment=assignment,
            student=student,
            attempt=1,
            filename="value.py",
            source=source,
            sha256="",
        )
        grading = Grading(submission=submission, seed=7)
        session.add(grading)
        session.flush()
        return grading.id


def read(slot: tasks.Slot, grading_id: uuid.UUID) -> Grading:
    """The grading as it stands in the books now, with its report."""
    with slot.sessions() as session:
        whole = (undefer(Grading.report), undefer(Grading.tally))
        grading = session.get(Grading, grading_id, options=whole)
        assert grading is not None
        return grading


def never(_: uuid.UUID) -> None:
    """A queue that must not be used."""
    raise AssertionError("nothing was to be queued again")


def test_a_correct_engine_gets_full_points_and_the_seed_is_kept_with_the_report(
    slot: tasks.Slot,
) -> None:
    grading_id = submit(slot, engine("right/closures"))

    tasks.run_grading(slot, grading_id, never)

    grading = read(slot, grading_id)
    assert grading.status is Status.DONE
    assert (grading.score, grading.max_score, grading.tries) == (10, 10, 1)
    assert grading.report is not None
    assert grading.report["provenance"]["seed"] == 7
    cases = [case["id"] for case in grading.report["suites"][0]["cases"]]
    assert grading.tally == {"worked-example": dict.fromkeys(cases)}
    assert grading.lease_until is None


def test_the_names_that_the_assignment_asks_for_are_those_of_the_grading(
    slot: tasks.Slot,
) -> None:
    free, bound = submit(slot, ""), submit(slot, "")
    with slot.sessions.begin() as session:
        assignment = session.get_one(Grading, bound).submission.assignment
        assignment.class_name, assignment.grad_name = "Scalar", "gradient"

    jobs = [tasks.claim(slot.sessions, slot.settings, each) for each in (free, bound)]

    assert [job and job.names for job in jobs] == [
        None,
        Names(class_name="Scalar", grad="gradient"),
    ]


def test_a_grading_delivered_twice_is_graded_once(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    tasks.run_grading(slot, grading_id, never)
    finished_at = read(slot, grading_id).finished_at

    tasks.run_grading(slot, grading_id, never)

    assert read(slot, grading_id).finished_at == finished_at
    assert read(slot, grading_id).tries == 1


def test_what_is_delivered_twice_reads_no_report(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    tasks.run_grading(slot, grading_id, never)

    with queries(slot.engine) as seen:
        tasks.run_grading(slot, grading_id, never)

    (asked,) = seen
    assert "FROM gradings" in asked.text
    assert "report" not in asked.text
    assert "tally" not in asked.text


def test_a_grading_that_another_worker_holds_is_left_alone(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    assert tasks.claim(slot.sessions, slot.settings, grading_id) is not None

    assert tasks.claim(slot.sessions, slot.settings, grading_id) is None
    assert read(slot, grading_id).tries == 1


def test_a_grading_whose_lease_ran_out_can_be_claimed_again(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    hasty = replace(slot.settings, lease_seconds=1e-6)
    assert tasks.claim(slot.sessions, hasty, grading_id) is not None

    job = tasks.claim(slot.sessions, slot.settings, grading_id)

    assert job is not None
    assert job.claimed_try == 2


def test_an_unknown_grading_is_no_work(slot: tasks.Slot) -> None:
    assert tasks.claim(slot.sessions, slot.settings, uuid.uuid4()) is None


def test_a_fault_of_ours_queues_the_grading_again_and_costs_the_student_nothing(
    slot: tasks.Slot, broken: Sandbox
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    queued: list[uuid.UUID] = []

    tasks.run_grading(replace(slot, sandbox=broken), grading_id, queued.append)

    assert queued == [grading_id]
    assert read(slot, grading_id).status is Status.QUEUED
    assert "SandboxError" in (read(slot, grading_id).fault or "")
    tasks.run_grading(slot, grading_id, never)
    assert read(slot, grading_id).score == 10
    assert read(slot, grading_id).fault is None


def test_after_the_last_try_the_grading_is_errored_with_the_fault_for_the_teacher(
    slot: tasks.Slot, broken: Sandbox
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    queued: list[uuid.UUID] = []

    for _ in range(slot.settings.max_tries):
        tasks.run_grading(replace(slot, sandbox=broken), grading_id, queued.append)

    grading = read(slot, grading_id)
    assert grading.status is Status.ERRORED
    assert "SandboxError" in (grading.fault or "")
    assert len(queued) == slot.settings.max_tries - 1
    assert grading.score is None


def test_a_fault_in_a_query_tells_staff_neither_the_statement_nor_its_numbers(
    slot: tasks.Slot, caplog: pytest.LogCaptureFixture
) -> None:
    grading_id, secret = submit(slot, engine("right/closures")), uuid.uuid4().hex
    with pytest.raises(OperationalError) as caught, slot.sessions.begin() as session:
        session.execute(text("SELECT :secret FROM nowhere"), {"secret": secret})

    class Failing(Sandbox):
        def session(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise caught.value

    with Failing() as failing:
        tasks.run_grading(replace(slot, sandbox=failing), grading_id, lambda _: None)
    fault = read(slot, grading_id).fault or ""
    assert fault.startswith("OperationalError: ")
    assert "SELECT" not in fault
    assert secret not in caplog.text


def test_a_suite_that_is_gone_is_our_fault_and_ends_after_the_last_try(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"), suite="no-such-suite")

    for _ in range(slot.settings.max_tries):
        tasks.run_grading(slot, grading_id, lambda _: None)

    assert read(slot, grading_id).status is Status.ERRORED
    assert "no-such-suite" in (read(slot, grading_id).fault or "")


def test_the_reaper_finds_what_was_never_picked_up_but_not_what_is_fresh(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    later = now() + timedelta(seconds=tasks.PATIENCE * slot.settings.reap_seconds + 1)

    assert tasks.find_lost(slot.sessions, slot.settings, now()) == []
    assert tasks.find_lost(slot.sessions, slot.settings, later) == [grading_id]
    assert tasks.find_lost(slot.sessions, slot.settings, later) == []


def test_the_reaper_lets_a_long_queue_be_as_long_as_it_moves(slot: tasks.Slot) -> None:
    served, waiting = submit(slot, engine("right/closures")), submit(slot, engine("right/closures"))
    patience = timedelta(seconds=tasks.PATIENCE * slot.settings.reap_seconds)
    with slot.sessions.begin() as session:
        for grading in (session.get_one(Grading, served), session.get_one(Grading, waiting)):
            grading.enqueued_at = now() - patience - timedelta(seconds=1)
    tasks.run_grading(slot, served, never)

    assert tasks.find_lost(slot.sessions, slot.settings, now()) == []
    stalled = now() + patience + timedelta(seconds=1)
    assert tasks.find_lost(slot.sessions, slot.settings, stalled) == [waiting]


def test_the_reaper_looks_through_no_books_but_finds_by_indexes(slot: tasks.Slot) -> None:
    with queries(slot.engine) as seen:
        tasks.find_lost(slot.sessions, slot.settings, now())

    steps = [step for query in seen for step in plan(slot.engine, query)]
    assert len(seen) == 2
    assert not [step for step in steps if step.startswith("SCAN")]


def test_the_reaper_takes_a_grading_from_a_worker_whose_lease_ran_out(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    job = tasks.claim(slot.sessions, slot.settings, grading_id)
    assert job is not None
    later = now() + timedelta(seconds=slot.settings.lease_seconds + 1)

    assert tasks.find_lost(slot.sessions, slot.settings, now()) == []
    assert tasks.find_lost(slot.sessions, slot.settings, later) == [grading_id]
    assert not tasks.release(slot.sessions, slot.settings, job, "the old worker wakes up")
    assert read(slot, grading_id).status is Status.QUEUED


def test_the_reaper_gives_up_on_a_grading_that_took_every_worker_with_it(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    hasty = replace(slot.settings, lease_seconds=1e-6)
    for _ in range(slot.settings.max_tries):
        assert tasks.claim(slot.sessions, hasty, grading_id) is not None

    assert tasks.find_lost(slot.sessions, slot.settings, now()) == []
    assert read(slot, grading_id).status is Status.ERRORED
    assert "vanished" in (read(slot, grading_id).fault or "")


def test_a_claim_beyond_the_last_try_gives_up(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    hasty = replace(slot.settings, lease_seconds=1e-6)
    for _ in range(slot.settings.max_tries):
        assert tasks.claim(slot.sessions, hasty, grading_id) is not None

    assert tasks.claim(slot.sessions, slot.settings, grading_id) is None
    assert read(slot, grading_id).status is Status.ERRORED


def test_an_outcome_in_the_books_is_never_written_over(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    hasty = replace(slot.settings, lease_seconds=1e-6)
    slow_worker = tasks.claim(slot.sessions, hasty, grading_id)
    assert slow_worker is not None
    tasks.run_grading(slot, grading_id, never)
    first = read(slot, grading_id)
    report = grade("", [], slot.sandbox, seed=1)

    tasks.record(slot.sessions, slow_worker, report)

    assert read(slot, grading_id).report == first.report
    assert not tasks.release(slot.sessions, slot.settings, slow_worker, "too late")
    assert read(slot, grading_id).score == 10


def test_a_report_that_arrives_after_we_gave_up_still_counts(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    once = replace(slot.settings, lease_seconds=1e-6, max_tries=1)
    job = tasks.claim(slot.sessions, once, grading_id)
    assert job is not None
    assert tasks.find_lost(slot.sessions, once, now()) == []
    assert read(slot, grading_id).status is Status.ERRORED
    selections = [Selection(suite=catalogue.load(name), weight=w) for name, w in job.weights]

    tasks.record(slot.sessions, job, grade(job.source, selections, slot.sandbox, seed=1))

    assert read(slot, grading_id).status is Status.DONE
    assert read(slot, grading_id).score == 10


def keep_lease(slot: tasks.Slot, grading_id: uuid.UUID) -> Callable[[], None]:
    """What keeps the lease of a grading that has been claimed for no time at all."""
    hasty = replace(slot, settings=replace(slot.settings, lease_seconds=1e-6))
    job = tasks.claim(hasty.sessions, hasty.settings, grading_id)
    assert job is not None
    return tasks.lease_keeper(hasty, job)


def test_a_lease_is_renewed_as_cases_are_run(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    renew = keep_lease(slot, grading_id)
    before = read(slot, grading_id).lease_until
    renew()
    after = read(slot, grading_id).lease_until
    assert before is not None
    assert after is not None
    assert after > before


def test_a_lease_that_another_worker_has_by_now_is_not_renewed_for_it(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    renew = keep_lease(slot, grading_id)
    assert tasks.claim(slot.sessions, slot.settings, grading_id) is not None
    theirs = read(slot, grading_id).lease_until
    renew()
    assert read(slot, grading_id).lease_until == theirs


def test_a_database_that_is_away_for_a_moment_ends_no_grading(
    slot: tasks.Slot, caplog: pytest.LogCaptureFixture
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    renew = keep_lease(slot, grading_id)
    with slot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE gradings RENAME TO elsewhere")
    with caplog.at_level(logging.WARNING):
        renew()
    assert f"the lease of grading {grading_id} is not renewed" in caplog.text


@pytest.fixture
def broken() -> Iterator[Sandbox]:
    """A sandbox whose zygote cannot be had."""

    class Broken(Sandbox):
        def session(self, *_: object, **__: object) -> object:  # type: ignore[override]
            raise SandboxError("the zygote is gone")

    with Broken() as sandbox:
        yield sandbox
