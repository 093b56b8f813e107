"""What a worker counts and logs, on a real database and in the real sandbox."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from service.telemetry import logs
from service.telemetry.metrics import REGISTRY
from tests.students import engine
from tests.worker.tasks.queued import never, read, submit
from worker import tasks
from worker.sandbox import Sandbox, SandboxError

RIGHT = engine("right/closures")


def value(name: str, **labels: str) -> float:
    """What this process has counted."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


class Failing(Sandbox):
    """A sandbox that can't open a session."""

    def session(self, *_: object, **__: object) -> object:  # type: ignore[override]
        """Fail on our side."""
        raise SandboxError("no room")


@pytest.fixture
def failing() -> Iterator[Sandbox]:
    """A sandbox that can't open a session."""
    with Failing() as made:
        yield made


def test_a_grading_is_counted_once_by_status_verdict_phase_and_session(slot: tasks.Slot) -> None:
    phases = ("suites", "load", "run", "judge", "diagnose", "record")

    def read_all() -> list[float]:
        return [
            value("chainrule_gradings_ended_total", status="done", problem="none"),
            value("chainrule_wait_seconds_count", kind="first"),
            value("chainrule_sandbox_sessions_total"),
            value("chainrule_tests_total", verdict="passed"),
            *(value("chainrule_grading_seconds_count", phase=phase) for phase in phases),
        ]

    before = read_all()
    grading_id = submit(slot, RIGHT)
    tasks.grade_queued(slot, never)
    tasks.grade_queued(slot, never)  # a doubled message

    grading = read(slot, grading_id)
    assert grading.tally is not None
    tests = len(grading.tally["suites"]["worked-example"])
    added = [after - earlier for after, earlier in zip(read_all(), before, strict=True)]
    assert added == [1, 1, 1, tests, *[1] * len(phases)]


def test_faults_and_an_errored_grading_are_counted(slot: tasks.Slot, failing: Sandbox) -> None:
    errored = {"status": "errored", "problem": "none"}
    before = (
        value("chainrule_grading_faults_total"),
        value("chainrule_gradings_ended_total", **errored),
    )
    submit(slot, RIGHT)
    for _ in range(slot.settings.max_tries):
        tasks.grade_queued(replace(slot, sandbox=failing), lambda _: None)
    assert value("chainrule_grading_faults_total") == before[0] + slot.settings.max_tries
    assert value("chainrule_gradings_ended_total", **errored) == before[1] + 1


def test_a_lost_zygote_is_counted(slot: tasks.Slot) -> None:
    before = value("chainrule_zygote_restarts_total", reason="lost")
    slot.sandbox._end_zygotes()
    submit(slot, RIGHT)
    tasks.grade_queued(slot, never)
    assert value("chainrule_zygote_restarts_total", reason="lost") == before + 1


def test_a_workers_lines_name_submission_and_grading_and_have_no_source(
    slot: tasks.Slot, failing: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    grading_id = submit(slot, RIGHT + "\nsecret = 'of the student'\n")
    with caplog.at_level(logging.INFO, logger="worker.tasks"), named() as ids:
        tasks.grade_queued(replace(slot, sandbox=failing), lambda _: None)
        tasks.grade_queued(slot, never)

    submission_id = read(slot, grading_id).submission_id
    assert set(ids) == {(None, str(submission_id), str(grading_id))}
    assert "failed on our side" in caplog.text
    assert "graded: 10 of 10 points" in caplog.text
    assert "of the student" not in caplog.text


def test_a_workers_lines_name_the_request_of_the_grading_that_they_are_about(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued = {}
    for request in ("a", "b"):
        with logs.bound(request=request):
            queued[request] = str(submit(slot, RIGHT))
    monkeypatch.setattr(tasks, "_slot", slot)

    with named() as ids:
        tasks.grade_submission(queued["b"])  # the message of one wakes the slot for both

    assert [(request, grading) for request, _, grading in ids] == list(queued.items())


@contextlib.contextmanager
def named() -> Iterator[list[tuple[str | None, ...]]]:
    """The request, submission and grading of each line that the worker logs."""
    found = []

    class Ids(logging.Handler):
        def emit(self, _: logging.LogRecord) -> None:
            found.append(tuple(map(logs.current, ("request", "submission", "grading"))))

    log, handler = logging.getLogger("worker.tasks"), Ids()
    log.addHandler(handler)
    before, log.level = log.level, logging.INFO
    try:
        yield found
    finally:
        log.removeHandler(handler)
        log.level = before
