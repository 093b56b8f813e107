"""A slot begins, is killed or is stuck, and no grading is lost with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from service.submissions import gradings
from service.submissions.models import Status
from service.submissions.slots import name_slot
from tests.students import engine
from tests.worker.tasks.queued import never, read, submit, take_away
from worker import tasks
from worker.sandbox import Sandbox


def test_a_new_slot_grades_what_a_killed_process_left(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    killed = subprocess.Popen(["true"])
    killed.wait()
    name = name_slot(killed.pid)
    assert gradings.claim_next(slot.sessions, slot.settings, name) is not None

    tasks.grade_queued(slot, never)

    grading = read(slot, grading_id)
    assert (grading.status, grading.tries, grading.interruptions) == (Status.DONE, 1, 1)


FROZEN = """
import gc
from worker import tasks
tasks.open_slot()
print(len(gc.get_objects()), gc.get_freeze_count())
tasks.close_slot()
"""


def test_the_garbage_collector_leaves_alone_what_a_slot_begins_with(slot: tasks.Slot) -> None:
    environ = {
        "CHAINRULE_DATA_DIR": str(slot.settings.data_dir),
        "CHAINRULE_SECRET_KEY": slot.settings.secret_key,
    }
    begun = subprocess.run(
        [sys.executable, "-c", FROZEN], env=os.environ | environ, capture_output=True, check=True
    )
    collected, frozen = map(int, begun.stdout.split())
    assert collected < frozen / 5


STUCK = """
import collections, faulthandler, signal
from service.settings import Settings
from worker import tasks
faulthandler.register(signal.SIGALRM, chain=True)
tasks.STUCK_SECONDS = 1
tasks.grade = lambda *_, **__: collections.deque(iter(int, 1), 0)  # runs no Python any more
tasks.grade_queued(tasks.Slot.open(Settings.from_env()), print)
"""


def test_a_slot_that_is_stuck_is_ended_and_its_grading_spends_no_try(slot: tasks.Slot) -> None:
    grading_id = submit(slot, engine("right/closures"))
    environ = {
        "CHAINRULE_DATA_DIR": str(slot.settings.data_dir),
        "CHAINRULE_SECRET_KEY": slot.settings.secret_key,
    }

    stuck = subprocess.run(
        [sys.executable, "-c", STUCK], env=os.environ | environ, capture_output=True, check=False
    )

    assert stuck.returncode == -signal.SIGALRM
    assert b"in run_job" in stuck.stderr  # where it was
    tasks.grade_queued(slot, never)
    grading = read(slot, grading_id)
    assert (grading.status, grading.tries, grading.interruptions) == (Status.DONE, 1, 1)


def test_no_slot_without_a_grading_is_ended(
    slot: tasks.Slot, broken: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(slot, engine("right/closures"))
    limits: list[int] = []
    monkeypatch.setattr(signal, "alarm", limits.append)

    for sandbox in (broken, slot.sandbox):
        tasks.grade_queued(replace(slot, sandbox=sandbox), lambda _: None)
        assert set(limits[:-1]) == {tasks.STUCK_SECONDS}
        assert limits.pop() == 0


def test_a_process_opens_its_slot_once(slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA_DIR", "SECRET_KEY"):
        value = getattr(slot.settings, name.lower())
        monkeypatch.setenv(f"CHAINRULE_{name}", str(value))
    opened = tasks.open_slot()
    try:
        assert opened.name == name_slot(os.getpid())
        assert opened.begun.is_set()
        assert tasks.open_slot() is opened
    finally:
        tasks.close_slot()


def test_a_slot_opens_while_the_database_is_down(
    slot: tasks.Slot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATA_DIR", "SECRET_KEY"):
        value = getattr(slot.settings, name.lower())
        monkeypatch.setenv(f"CHAINRULE_{name}", str(value))
    take_away(slot)
    try:
        assert not tasks.open_slot().begun.is_set()
    finally:
        tasks.close_slot()
