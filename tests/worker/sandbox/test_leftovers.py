"""What a session leaves behind is counted, wherever it hides: the corpus rests on it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.worker.sandbox.altered import altered
from tests.worker.sandbox.leftovers import adopting, count_leftovers
from tests.worker.sandbox.programs import HONEST, grade
from worker.sandbox import Limits, Sandbox

AT_EACH_FORK = """
import ctypes, os
fork = os.fork
def leave():
    {}
    return fork()
os.fork = leave
"""


@pytest.mark.parametrize("how", ["sleep 60 &", "setsid sleep 60 &", "(setsid sleep 60 &) &"])
def test_a_process_that_left_its_parents_is_counted_and_ended(sandbox: Sandbox, how: str) -> None:
    with adopting(sandbox) as strangers:
        before = count_leftovers(sandbox, strangers)
        subprocess.run(["sh", "-c", f"{how} sleep 0.05"], stdout=subprocess.DEVNULL, check=True)
        after = count_leftovers(sandbox, strangers)
        assert after == before | {"processes": before["processes"] + 1}
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        left = set(map(int, children)) - strangers
        assert left
    assert not [pid for pid in left - {sandbox.zygote_pid} if Path(f"/proc/{pid}").exists()]


def test_a_session_that_is_open_is_counted_and_a_closed_one_is_not(sandbox: Sandbox) -> None:
    before = count_leftovers(sandbox)
    with sandbox.session(HONEST, limits=Limits()) as session:
        session.load()
        assert count_leftovers(sandbox)["processes"] == before["processes"] + 1
    assert count_leftovers(sandbox) == before


def test_a_descriptor_that_a_zygote_keeps_is_counted(tmp_path: Path) -> None:
    with altered(tmp_path, AT_EACH_FORK.format("os.dup(0)")) as leaking:
        before = count_leftovers(leaking)["descriptors of the zygote"]
        assert grade(leaking, HONEST) == "passed"
        assert count_leftovers(leaking)["descriptors of the zygote"] == before + 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look where the sessions are")
@pytest.mark.parametrize(
    "make", ["shmget(0, 4096, 0o1600)", "msgget(0, 0o1600)", "semget(0, 1, 0o1600)"]
)
def test_memory_queues_and_semaphores_that_stay_are_counted(tmp_path: Path, make: str) -> None:
    line = f"ctypes.CDLL(None).{make}"
    with altered(tmp_path, AT_EACH_FORK.format(line)) as sharing:
        before = count_leftovers(sharing)["shared memory"]
        assert grade(sharing, HONEST) == "passed"
        assert count_leftovers(sharing)["shared memory"] == before + 1
