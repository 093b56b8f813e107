"""Gradings that were lost: by a lease that ran out, a message, a killed slot, or a wrong clock."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace

import pytest
from sqlalchemy import select

from service.submissions import gradings
from service.submissions.leases import lease_keeper
from service.submissions.line import find_waiting_for_free_slots
from service.submissions.lost import PATIENCE
from service.submissions.models import SlotSeen, Status
from service.submissions.slots import (
    KEPT,
    LIVE_SECONDS,
    Heartbeat,
    count_slots,
    name_slot,
    note_slot,
)
from tests.service.submissions.grading_database import Database
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import plan, queries

REPORT = make_report(make_suite("rules", make_case()))
HOUR = 3600.0


def patience(database: Database) -> float:
    """Seconds that a queued grading may wait before its message counts as lost."""
    return PATIENCE * database.settings.reap_seconds


def test_the_reaper_wakes_workers_for_old_gradings_but_not_for_new_ones(either: Database) -> None:
    grading_id = either.submit()
    later = patience(either) + 1

    assert either.requeue_lost() == []
    assert either.requeue_lost(later) == [grading_id]
    assert either.requeue_lost(later) == []


def test_the_reaper_leaves_a_long_queue_alone_while_it_moves(database: Database) -> None:
    started, waiting = database.submit(), database.submit()
    for grading_id in (started, waiting):
        database.change(grading_id, enqueued_at=database.now(-patience(database) - 1))
    gradings.record(database.sessions, database.claim(), REPORT)

    assert database.requeue_lost() == []
    assert database.requeue_lost(patience(database) + 1) == [waiting]


def test_the_reaper_uses_indexes_only(database: Database) -> None:
    with queries(database.engine) as seen:
        database.requeue_lost()

    steps = [step for query in seen for step in plan(database.engine, query)]
    assert len(seen) == 3
    assert not [step for step in steps if step.startswith("SCAN gradings")]


def test_the_reaper_takes_a_grading_away_from_a_worker_whose_lease_ran_out(
    either: Database,
) -> None:
    grading_id = either.submit()
    job = either.claim()

    assert either.requeue_lost() == []
    assert either.requeue_lost(either.settings.lease_seconds + 1) == [grading_id]
    assert not gradings.release(either.sessions, either.settings, job, "awake again")
    assert either.read(grading_id).status is Status.QUEUED


def test_a_lost_lease_spends_no_try(either: Database) -> None:
    grading_id = either.submit()
    either.claim()

    either.requeue_lost(either.settings.lease_seconds + 1)

    grading = either.read(grading_id)
    assert (grading.tries, grading.interruptions) == (0, 1)


def test_a_grading_that_kills_every_worker_ends_after_a_bounded_number_of_claims(
    either: Database,
) -> None:
    grading_id = either.submit()
    claims = 0
    while not either.read(grading_id).status.ended:
        either.claim()
        claims += 1
        either.requeue_lost(either.settings.lease_seconds + 1)

    assert claims == gradings.MAX_INTERRUPTIONS + either.settings.max_tries
    assert either.read(grading_id).status is Status.ERRORED
    assert "vanished" in (either.read(grading_id).fault or "")


def test_faults_of_ours_are_counted_apart_from_lost_leases(database: Database) -> None:
    grading_id = database.submit()
    for _ in range(database.settings.max_tries - 1):
        assert gradings.release(database.sessions, database.settings, database.claim(), "no room")
        database.claim()
        database.requeue_lost(database.settings.lease_seconds + 1)

    assert database.read(grading_id).status is Status.QUEUED
    assert not gradings.release(database.sessions, database.settings, database.claim(), "no room")
    assert database.read(grading_id).status is Status.ERRORED


def test_no_two_claims_of_a_grading_are_the_same_job(database: Database) -> None:
    database.submit()
    jobs = []
    for step in ("lost", "fault", "lost", "lost", "fault", "lost", "lost", "lost"):
        jobs.append(database.claim())
        if step == "lost":
            database.requeue_lost(database.settings.lease_seconds + 1)
        else:
            gradings.release(database.sessions, database.settings, jobs[-1], "no room")

    numbers = [job.claim_number for job in jobs]
    assert numbers == sorted(set(numbers))


def test_a_worker_that_stops_gives_its_grading_back_and_spends_nothing(either: Database) -> None:
    grading_id = either.submit()
    for _ in range(2 * either.settings.max_tries):
        assert gradings.give_back(either.sessions, either.claim())

    grading = either.read(grading_id)
    assert (grading.status, grading.lease_until) == (Status.QUEUED, None)
    assert (grading.tries, grading.interruptions) == (0, 0)


def test_a_grading_that_another_worker_has_is_not_given_back(database: Database) -> None:
    grading_id = database.submit()
    slow = database.claim()
    database.requeue_lost(database.settings.lease_seconds + 1)
    database.claim(slot="slot 2")

    assert not gradings.give_back(database.sessions, slow)
    assert database.read(grading_id).status is Status.RUNNING


@pytest.fixture
def killed() -> str:
    """The name of a slot of this machine whose process has ended."""
    process = subprocess.Popen(["true"])
    process.wait()
    return name_slot(process.pid)


def test_a_new_slot_queues_again_what_killed_slots_of_this_machine_left(
    either: Database, killed: str
) -> None:
    lost, alive, elsewhere = either.submit(), either.submit(), either.submit()
    for name in (killed, name_slot(os.getppid()), f"elsewhere {killed}"):
        either.claim(slot=name)

    own = name_slot(os.getpid())
    assert gradings.begin_slot(either.sessions, either.settings, own) == [lost]

    assert either.read(lost).status is Status.QUEUED
    assert (either.read(lost).tries, either.read(lost).interruptions) == (0, 1)
    assert either.read(alive).status is Status.RUNNING
    assert either.read(elsewhere).status is Status.RUNNING


def test_a_new_slot_with_the_process_id_of_a_killed_one_queues_its_grading_again(
    database: Database,
) -> None:
    lost, own = database.submit(), name_slot(os.getpid())
    database.claim(slot=own)

    assert gradings.begin_slot(database.sessions, database.settings, own) == [lost]


def test_the_reaper_does_not_wait_for_the_lease_of_a_killed_slot_of_its_machine(
    database: Database, killed: str
) -> None:
    lost = database.submit()
    database.claim(slot=killed)

    assert database.requeue_lost() == [lost]


def test_a_worker_of_an_earlier_version_is_not_taken_for_the_killed_slot_before_it(
    database: Database, killed: str
) -> None:
    grading_id = database.submit()
    database.claim(slot=killed)
    database.requeue_lost()

    database.change(grading_id, status=Status.RUNNING, lease_until=database.now(HOUR))

    assert database.requeue_lost() == []


def test_killed_slots_of_machines_that_are_gone_leave_no_rows(database: Database) -> None:
    with database.sessions.begin() as session:
        note_slot(session, "elsewhere 1")
        session.add(SlotSeen(name="elsewhere 2", seen_at=database.now(-2 * KEPT.total_seconds())))

    gradings.begin_slot(database.sessions, database.settings, "slot 1")

    with database.sessions() as session:
        names = session.scalars(select(SlotSeen.name).order_by(SlotSeen.name))
        assert names.all() == ["elsewhere 1", "slot 1"]


def test_a_killed_slot_does_not_count_once_another_starts(database: Database, killed: str) -> None:
    with database.sessions.begin() as session:
        note_slot(session, killed)
    assert count_beats(database) == 1

    gradings.begin_slot(database.sessions, database.settings, name_slot(os.getpid()))

    assert count_beats(database) == 1


def test_a_new_slot_wakes_itself_if_gradings_wait(database: Database) -> None:
    assert gradings.begin_slot(database.sessions, database.settings, "slot 1") == []
    waiting = database.submit()
    database.submit()

    assert gradings.begin_slot(database.sessions, database.settings, "slot 1") == [waiting]


def test_as_many_workers_are_woken_as_slots_are_free(either: Database) -> None:
    first, *others = [either.submit() for _ in range(4)]
    with either.sessions.begin() as session:
        for name in ("slot 1", "slot 2", "slot 3"):
            note_slot(session, name)
    assert either.claim().grading_id == first

    with either.sessions() as session:
        assert find_waiting_for_free_slots(session, either.now()) == others[:2]


def test_a_start_queues_unfinished_gradings_again_the_oldest_first(either: Database) -> None:
    done, running, queued = either.submit(), either.submit(), either.submit()
    gradings.record(either.sessions, either.claim(), REPORT)
    assert either.claim().grading_id == running

    assert gradings.requeue_unfinished(either.sessions, alone=True) == [running, queued]
    assert either.read(running).status is Status.QUEUED
    assert (either.read(running).tries, either.read(running).interruptions) == (0, 1)
    assert either.read(done).status is Status.DONE


def test_restarts_spend_tries_after_many_of_them(database: Database) -> None:
    grading_id = database.submit()
    for _ in range(gradings.MAX_INTERRUPTIONS + database.settings.max_tries):
        database.claim()
        gradings.requeue_unfinished(database.sessions, alone=True)

    assert database.claims_none()
    assert database.read(grading_id).status is Status.ERRORED


def test_a_start_leaves_leases_alone_if_others_use_the_database(database: Database) -> None:
    running, queued = database.submit(), database.submit()
    assert database.claim().grading_id == running

    assert gradings.requeue_unfinished(database.sessions, alone=False) == [queued]
    assert database.read(running).status is Status.RUNNING


def test_a_lease_ends_soon_after_the_clock_was_set_back(either: Database) -> None:
    """What was stored before is an hour in the future."""
    grading_id = either.submit()
    either.claim()
    either.change(
        grading_id,
        started_at=either.now(HOUR),
        lease_until=either.now(HOUR + either.settings.lease_seconds),
    )

    assert either.requeue_lost() == [grading_id]


def test_a_worker_that_is_alive_keeps_its_lease_after_the_clock_was_set_back(
    either: Database,
) -> None:
    grading_id = either.submit()
    job = either.claim()
    either.change(
        grading_id,
        started_at=either.now(HOUR),
        lease_until=either.now(HOUR + either.settings.lease_seconds),
    )

    lease_keeper(either.sessions, replace(either.settings, lease_seconds=1e-6), job)()
    gradings.renew(either.sessions, either.settings, job)

    assert either.requeue_lost() == []
    assert either.read(grading_id).status is Status.RUNNING


def test_a_lost_message_is_noticed_after_the_clock_was_set_back(either: Database) -> None:
    grading_id = either.submit()
    either.change(grading_id, enqueued_at=either.now(HOUR), queued_at=either.now(HOUR))
    other = either.submit()
    either.change(other, started_at=either.now(HOUR), finished_at=either.now(HOUR))

    assert grading_id in either.requeue_lost()


def test_older_submissions_stay_first_after_the_clock_was_set_back(either: Database) -> None:
    ada = either.members.ada
    before = [either.submit(ada, attempt=attempt) for attempt in (1, 2)]
    either.change(before[0], queued_at=either.now(HOUR))
    either.change(before[1], queued_at=either.now(HOUR + 1))
    after, stranger = either.submit(ada, attempt=3), either.submit()
    claimed = []
    for _ in range(4):
        job = either.claim()
        claimed.append(job.grading_id)
        gradings.record(either.sessions, job, make_report(make_suite("rules", make_case())))

    assert claimed == [before[0], stranger, before[1], after]


def test_a_slot_counts_while_it_says_that_it_is_there(either: Database) -> None:
    with either.sessions.begin() as session:
        note_slot(session, "slot 1")
        note_slot(session, "slot 2")
        note_slot(session, "slot 2")

    with either.sessions() as session:
        assert count_slots(session, either.now()) == 2
        assert count_slots(session, either.now(LIVE_SECONDS + 60)) == 0
        assert count_slots(session, either.now(-HOUR)) == 0  # the clock was set back


def test_a_slot_that_stops_does_not_count_any_more(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    heartbeat = Heartbeat(database.sessions, "slot 1")
    monkeypatch.setattr("service.submissions.slots.LIVE_SECONDS", 0.03)
    heartbeat.start()
    while not count_beats(database):
        pass

    heartbeat.stop()

    assert count_beats(database) == 0


def count_beats(database: Database) -> int:
    with database.sessions() as session:
        return count_slots(session, database.now())
