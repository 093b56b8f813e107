"""The scheduler's jobs: what they do, and that a failure never ends the others."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from service.settings import Settings
from service.store.base import now
from service.store.database import make_engine, make_readers, make_sessions
from service.submissions.models import Grading, Status, StoredReport
from service.submissions.queue import Queue
from service.submissions.slots import note_slot
from service.submissions.stored_reports import read_report
from service.upkeep import scheduler
from service.upkeep.heartbeats import last_beat
from service.upkeep.scheduler import Job, make_jobs, run_due
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json


def jobs_of(settings: Settings, engine: Engine) -> list[Job]:
    """The jobs of an installation."""
    return make_jobs(settings, make_sessions(engine), make_readers(engine), Queue(settings))


def run_all(settings: Settings, engine: Engine) -> None:
    """One round of every job."""
    run_due(jobs_of(settings, engine))


def messages(settings: Settings) -> int:
    """How many wake-ups wait for a worker."""
    return len(list((settings.data_dir / "broker").glob("*/*.msg")))


def test_a_round_queues_lost_gradings_again_and_wakes_a_worker(
    settings: Settings, engine: Engine, members: Class, session: Session
) -> None:
    lost = factories.make_submission(session, members.assignment, members.ada).grading
    lost.status, lost.tries = Status.RUNNING, 1
    lost.lease_until = now() - timedelta(seconds=1)
    session.commit()

    run_all(settings, engine)

    session.refresh(lost)
    assert lost.status is Status.QUEUED
    assert messages(settings) == 1


def test_a_free_slot_is_woken_when_the_message_was_lost(
    settings: Settings, engine: Engine, members: Class, session: Session
) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    factories.make_submission(session, members.assignment, members.blaise)
    session.commit()
    run_all(settings, engine)
    assert messages(settings) == 0  # there is no slot
    note_slot(session, "a slot")
    session.commit()

    (free,) = [job for job in jobs_of(settings, engine) if job.name == "search for free slots"]
    free.run()

    assert messages(settings) == 1


def test_a_round_converts_old_reports(
    settings: Settings,
    engine: Engine,
    members: Class,
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    old = factories.make_submission(session, members.assignment, members.ada).grading
    old.status, old.score, old.max_score = Status.DONE, 1.0, 1.0
    old.report = to_json(make_report(make_suite("rules", make_case())))
    session.commit()

    run_all(settings, engine)

    assert session.scalars(select(Grading.report)).all() == [None]
    assert read_report(session, old.id) is not None
    assert "converted 1 old reports, 0 are left" in caplog.text


def test_a_round_removes_old_reports_if_the_setting_says_so(
    settings: Settings,
    engine: Engine,
    members: Class,
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    report = make_report(make_suite("rules", make_case()))
    for attempt in (1, 2, 3):
        made = factories.make_graded(
            session, members.assignment, members.ada, report, attempt=attempt
        )
        made.grading.finished_at = now() - timedelta(days=8)
    session.commit()

    run_all(settings, engine)
    assert len(session.scalars(select(StoredReport.grading_id)).all()) == 3
    session.commit()
    run_all(replace(settings, keep_reports_days=7), engine)

    assert len(session.scalars(select(StoredReport.grading_id)).all()) == 2
    assert "removed 1 old reports" in caplog.text


def test_a_round_rotates_large_logs(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.operations.log_files.LARGEST", 3)
    log = settings.data_dir / "log" / "worker.log"
    log.parent.mkdir()
    log.write_text("long\n")
    run_all(settings, engine)
    assert log.read_text() == ""
    assert log.with_name("worker.log.1").read_text() == "long\n"


def test_a_round_leaves_a_heartbeat(settings: Settings, engine: Engine, session: Session) -> None:
    assert last_beat(session) is None
    session.commit()
    run_all(settings, engine)
    assert last_beat(session) is not None


def test_a_job_that_fails_is_logged_and_the_others_run(caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def fail() -> None:
        raise ValueError("no idea")

    run_due([Job("reaper", 10, fail), Job("heartbeat", 10, lambda: ran.append(1))])

    assert ran == [1]
    assert "the reaper failed and runs again in 10 s" in caplog.text
    assert "ValueError: no idea" in caplog.text


def test_a_job_runs_again_after_its_time() -> None:
    ran: list[str] = []
    seldom = Job("seldom", 1000, lambda: ran.append("seldom"))
    often = Job("often", 0, lambda: ran.append("often"))
    run_due([seldom, often])
    run_due([seldom, often])
    assert ran == ["seldom", "often", "often"]


def test_an_outage_of_database_or_broker_is_a_line_without_a_traceback(
    settings: Settings,
    engine: Engine,
    members: Class,
    session: Session,
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = replace(settings, database_url="sqlite:////nowhere/at/all.db")
    run_all(nowhere, make_engine(nowhere))
    assert "the reaper failed and runs again in 10 s: " in caplog.text
    assert "the heartbeat failed and runs again in 10 s: " in caplog.text

    lost = factories.make_submission(session, members.assignment, members.ada).grading
    lost.status, lost.tries, lost.lease_until = Status.RUNNING, 1, now() - timedelta(seconds=1)
    session.commit()
    run_all(replace(settings, broker_url="redis://127.0.0.1:1/0"), engine)
    assert "The broker doesn't answer" in caplog.text
    assert "Traceback" not in caplog.text
    assert last_beat(session) is not None


def test_the_jobs_run_as_often_as_the_settings_say(settings: Settings, engine: Engine) -> None:
    jobs = jobs_of(replace(settings, reap_seconds=7), engine)
    assert {job.name: job.every for job in jobs} == {
        "reaper": 7,
        "search for free slots": 2,
        "conversion of old reports": scheduler.CONVERT_SECONDS,
        "removal of old reports": scheduler.PRUNE_SECONDS,
        "removal of old archives": scheduler.ARCHIVE_SECONDS,
        "rotation of logs": scheduler.LOG_SECONDS,
        "heartbeat": 7,
    }


def test_each_job_has_its_own_time_before_the_scheduler_counts_as_hanging(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarms: list[int] = []

    def stop() -> None:
        raise KeyboardInterrupt

    jobs = [Job("slow", 10, lambda: None), Job("slow too", 10, lambda: None), Job("last", 10, stop)]
    monkeypatch.setattr(scheduler, "make_jobs", lambda *_: jobs)
    monkeypatch.setattr(signal, "alarm", alarms.append)

    with pytest.raises(KeyboardInterrupt):
        scheduler.run_scheduler(settings, Event())

    assert alarms == [60, 60, 60, 10, 0]


def test_an_interrupt_that_an_error_of_the_database_hides_still_stops_the_scheduler(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = Event()

    def fail_after_an_interrupt() -> None:
        stopping.set()
        try:
            raise KeyboardInterrupt
        finally:
            raise OperationalError("", None, Exception("transaction status ACTIVE"))

    monkeypatch.setattr(scheduler, "make_jobs", lambda *_: [Job("job", 0, fail_after_an_interrupt)])
    scheduler.run_scheduler(settings, stopping)


def test_a_scheduler_that_hangs_ends_itself_so_that_it_is_started_again(settings: Settings) -> None:
    hangs = (
        "import threading, time; from service.settings import Settings; "
        "from service.upkeep import scheduler; "
        "scheduler.heartbeats.late_seconds = lambda _: 1; "
        "scheduler.make_jobs = lambda *_: [scheduler.Job('job', 10, lambda: time.sleep(1000))]; "
        "scheduler.run_scheduler(Settings.from_env(), threading.Event())"
    )
    environ = {
        **os.environ,
        "CHAINRULE_DATA_DIR": str(settings.data_dir),
        "CHAINRULE_SECRET_KEY": settings.secret_key,
    }
    ended = subprocess.run([sys.executable, "-c", hangs], env=environ, timeout=60, check=False)
    assert ended.returncode == -signal.SIGALRM
