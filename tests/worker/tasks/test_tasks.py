"""The rim of the worker: claim, record, release and reap, on real books and in the real sandbox."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace
from typing import Any

import pytest
from celery.signals import worker_shutting_down
from sqlalchemy import event, inspect, text
from sqlalchemy.exc import OperationalError

from service.submissions import gradings, leases
from service.submissions.models import Grading, Status
from service.submissions.stored_reports import read_report
from tests.students import engine
from tests.worker.tasks.queued import never, read, submit, take_away
from worker import tasks
from worker.grading.grade import grade
from worker.report.model import Report
from worker.sandbox import Sandbox


def test_a_correct_engine_gets_full_points_and_the_seed_is_kept_with_the_report(
    slot: tasks.Slot,
) -> None:
    grading_id = submit(slot, engine("right/closures"))

    tasks.grade_queued(slot, never)

    grading = read(slot, grading_id)
    assert grading.status is Status.DONE
    assert (grading.score, grading.max_score, grading.tries) == (10, 10, 1)
    with slot.sessions() as session:
        report = read_report(session, grading.id)
    assert report is not None
    assert report.provenance.seed == 7
    cases = [case.id for case in report.suites[0].cases]
    assert grading.tally is not None
    assert grading.tally["suites"] == {"worked-example": dict.fromkeys(cases)}
    assert grading.lease_until is None


def test_a_grading_delivered_twice_is_graded_once(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    tasks.grade_queued(slot, never)
    finished_at = read(slot, grading_id).finished_at

    tasks.grade_queued(slot, never)

    assert read(slot, grading_id).finished_at == finished_at
    assert read(slot, grading_id).tries == 1


def test_a_fault_of_ours_queues_the_grading_again_and_costs_the_student_nothing(
    slot: tasks.Slot, broken: Sandbox
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    queued: list[uuid.UUID] = []

    tasks.grade_queued(replace(slot, sandbox=broken), queued.append)

    assert queued == [grading_id]
    assert read(slot, grading_id).status is Status.QUEUED
    assert "SandboxError" in (read(slot, grading_id).fault or "")
    tasks.grade_queued(slot, never)
    assert read(slot, grading_id).score == 10
    assert read(slot, grading_id).fault is None


def test_after_the_last_try_the_grading_is_errored_with_the_fault_for_the_teacher(
    slot: tasks.Slot, broken: Sandbox
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    queued: list[uuid.UUID] = []

    for _ in range(slot.settings.max_tries):
        tasks.grade_queued(replace(slot, sandbox=broken), queued.append)

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
        tasks.grade_queued(replace(slot, sandbox=failing), lambda _: None)
    fault = read(slot, grading_id).fault or ""
    assert fault.startswith("OperationalError: ")
    assert "SELECT" not in fault
    assert secret not in caplog.text


@pytest.fixture
def back_after_a_pause(slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Undo what `take_away` did when somebody sleeps."""
    sleep = time.sleep

    def bring_back(seconds: float) -> None:
        sleep(seconds)
        with slot.engine.begin() as connection:
            if "elsewhere" in inspect(connection).get_table_names():
                connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO gradings")

    monkeypatch.setattr(time, "sleep", bring_back)


@pytest.mark.usefixtures("back_after_a_pause")
def test_a_result_is_recorded_when_the_database_is_back(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    grading_id = submit(slot, engine("right/closures"))

    def grade_meanwhile(*given: Any, **options: Any) -> Report:
        report = grade(*given, **options)
        take_away(slot)
        return report

    monkeypatch.setattr(tasks, "grade", grade_meanwhile)

    tasks.grade_queued(slot, never)

    assert (read(slot, grading_id).score, read(slot, grading_id).tries) == (10, 1)
    assert "the database is down" in caplog.text


def test_a_result_that_the_database_refuses_is_a_fault_of_ours(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    with slot.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER refuse BEFORE INSERT ON reports BEGIN SELECT RAISE(ABORT, 'no'); END"
        )

    for _ in range(slot.settings.max_tries):
        tasks.grade_queued(slot, lambda _: None)

    assert read(slot, grading_id).status is Status.ERRORED
    assert "IntegrityError" in (read(slot, grading_id).fault or "")


def test_a_released_grading_waits_for_the_reaper_if_the_broker_is_down(
    slot: tasks.Slot, broken: Sandbox
) -> None:
    grading_id = submit(slot, engine("right/closures"))

    def enqueue(_: uuid.UUID) -> None:
        raise ConnectionError("the broker is down")

    tasks.grade_queued(replace(slot, sandbox=broken), enqueue)

    assert read(slot, grading_id).status is Status.QUEUED


@pytest.mark.usefixtures("back_after_a_pause")
def test_a_message_that_arrives_while_the_database_is_down_is_not_lost(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    take_away(slot)

    tasks.grade_queued(slot, never)

    assert read(slot, grading_id).score == 10


def test_a_claim_is_not_lost_if_the_database_goes_away_right_after_its_commit(
    slot: tasks.Slot,
) -> None:
    grading_id = submit(slot, engine("right/closures"))
    slot.begin()

    def go_away(_: object) -> None:
        raise OperationalError("COMMIT", None, ConnectionError("the connection was lost"))

    event.listen(slot.sessions, "after_commit", go_away, once=True)

    tasks.grade_queued(slot, never)

    assert (read(slot, grading_id).status, read(slot, grading_id).tries) == (Status.DONE, 1)


def test_one_message_grades_all_that_is_queued(slot: tasks.Slot) -> None:
    queued = [submit(slot, engine("right/closures")) for _ in range(3)]

    tasks.grade_queued(slot, never)

    assert {read(slot, grading_id).status for grading_id in queued} == {Status.DONE}


def test_a_message_of_any_version_grades_what_is_next(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names a grading, which may have ended or be gone."""
    grading_id = submit(slot, engine("right/closures"))
    monkeypatch.setattr(tasks, "_slot", slot)

    tasks.grade_submission(str(uuid.uuid4()))

    assert read(slot, grading_id).status is Status.DONE


def test_a_slot_that_should_stop_gives_its_grading_back_and_wakes_another(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    grading_id, other = (submit(slot, engine("right/closures")) for _ in range(2))
    woken: list[uuid.UUID] = []
    monkeypatch.setattr(tasks, "_slot", slot)

    def grade_until_told(*given: Any, **options: Any) -> Report:
        worker_shutting_down.send(sender=None)  # as Celery does on SIGTERM
        return grade(*given, **options)

    monkeypatch.setattr(tasks, "grade", grade_until_told)

    tasks.grade_queued(slot, woken.append)

    assert woken == [grading_id]
    for each in (grading_id, other):
        assert (read(slot, each).status, read(slot, each).tries) == (Status.QUEUED, 0)


def test_a_regrade_gives_its_slot_to_a_submission_that_waits(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leases, "LOOK_SECONDS", 0.0)
    again = submit(slot, engine("right/closures"))
    before = gradings.MAX_INTERRUPTIONS  # its slot was killed so often
    with slot.sessions.begin() as session:
        grading = session.get_one(Grading, again)
        grading.ordinal, grading.interruptions = 2, before
    job = gradings.claim_next(slot.sessions, slot.settings, slot.name)
    assert job is not None
    waiting = submit(slot, engine("right/closures"))

    assert tasks._run_claimed(slot, job, never)

    given_way = read(slot, again)
    assert (given_way.status, given_way.tries, given_way.interruptions) == (
        Status.QUEUED,
        0,
        before,
    )
    tasks.grade_queued(slot, never)
    first, second = read(slot, waiting).finished_at, read(slot, again).finished_at
    assert first is not None
    assert second is not None
    assert first < second


def test_a_suite_that_is_gone_is_our_fault_and_ends_after_the_last_try(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"), suite="no-such-suite")

    for _ in range(slot.settings.max_tries):
        tasks.grade_queued(slot, lambda _: None)

    assert read(slot, grading_id).status is Status.ERRORED
    assert "no-such-suite" in (read(slot, grading_id).fault or "")
