"""The zygote, a child or the whole worker is killed at a random moment, 60 times in all.

`make corpus` does it 200 times.

No process is left, and no submission is lost: tried again, as the queue does it, it grades right.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.worker.sandbox.programs import HONEST, WORKED_EXAMPLE
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.sandbox import Sandbox, SandboxError
from worker.sandbox.host import sandbox as sandbox_module
from worker.suites.format.reader import read_suite

ROOT = Path(__file__).resolve().parents[3]
TIMES = int(os.environ.get("KILLS", "60"))
OF_ZYGOTES, OF_CHILDREN, OF_WORKERS = TIMES * 7 // 20, TIMES * 9 // 20, TIMES // 5
HEAD = "# suite: k\n# title: T\n# version: 1\n# about: A.\n# weight: 1\n"
CASES = [f"# case: c{number}\n# title: T\n{WORKED_EXAMPLE.program}\n" for number in range(5)]
SELECTION = Selection(suite=read_suite(HEAD + "".join(CASES), "k.suite"), weight=5)


def is_there(pid: int) -> bool:
    """Whether the process is alive; one that waits for init to reap it is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def wait_until_gone(pids: set[int]) -> None:
    deadline = time.monotonic() + 60
    while left := [pid for pid in pids if is_there(pid)]:
        assert time.monotonic() < deadline, left
        time.sleep(0.001)


def children_of(pid: int) -> set[int]:
    """The process's children now; none where it has gone."""
    with contextlib.suppress(OSError):
        return set(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    return set()


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class Killer:
    """Kills one of several processes a moment after it is asked to. Records all that it saw."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self.seen: set[int] = set()

    @contextmanager
    def at_work(self, sandbox: Sandbox, *, children: bool) -> Iterator[None]:
        moment = self._chance.uniform(0, 0.015)
        thread = threading.Timer(moment, self._strike, [sandbox, children])
        self._look(sandbox)
        thread.start()
        yield
        thread.join()

    def _strike(self, sandbox: Sandbox, children: bool) -> None:
        victims = sorted(self._look(sandbox)) if children else zygotes_of(sandbox)
        if victims:
            kill(self._chance.choice(victims))

    def _look(self, sandbox: Sandbox) -> set[int]:
        """The children of the zygote that is in use; all that is there is remembered."""
        children = children_of(sandbox.zygote_pid)
        self.seen |= children.union(zygotes_of(sandbox))
        return children


def zygotes_of(sandbox: Sandbox) -> list[int]:
    return [zygote.pid for zygote in sandbox._all_zygotes() if zygote.usable]


def grade_until_done(sandbox: Sandbox) -> tuple[float, int]:
    """The score, and how often our side failed before: each time the queue would try again."""
    for failures in range(3):
        with contextlib.suppress(SandboxError):
            return grade(HONEST, [SELECTION], sandbox, seed=1).score, failures
    raise AssertionError("three tries were not enough")


@pytest.mark.parametrize(("children", "times"), [(False, OF_ZYGOTES), (True, OF_CHILDREN)])
def test_a_zygote_or_a_child_killed_at_any_moment_leaves_nothing_and_loses_no_submission(
    children: bool, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_module, "MOST_FORKS", 8)  # so that the next one is struck as well
    monkeypatch.setattr(sandbox_module, "FORKS_AHEAD", 4)
    killer = Killer(seed=times)
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    with Sandbox() as made:
        for _ in range(times):
            with killer.at_work(made, children=children):
                score, _ = grade_until_done(made)
            assert score == 5
        killer.seen |= children_of(made.zygote_pid).union(zygotes_of(made))
    wait_until_gone(killer.seen)
    assert len(list(Path("/proc/self/fd").iterdir())) == descriptors


def test_a_worker_killed_at_any_moment_leaves_nothing_and_loses_no_submission() -> None:
    chance, seen = random.Random(OF_WORKERS), set()
    with subprocess.Popen(
        [sys.executable, "-B", "-m", "tests.worker.sandbox.doomed"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as doomed:
        assert doomed.stdin is not None
        assert doomed.stdout is not None
        for _ in range(OF_WORKERS):
            doomed.stdin.write("\n")
            doomed.stdin.flush()
            worker = int(doomed.stdout.readline())
            time.sleep(chance.uniform(0, 0.3))  # the random moment: it starts, or is at work
            zygotes = children_of(worker)
            seen |= {worker, *zygotes}.union(*map(children_of, zygotes))
            kill(worker)
            said = list(iter(doomed.stdout.readline, "ended\n"))
            assert set(said) <= {"passed\n"}
        doomed.stdin.close()
    wait_until_gone(seen)
    with Sandbox() as made:
        assert grade_until_done(made) == (5, 0)
