"""What the sandbox costs, beside the same work in process. Figures of one run: compare them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.sandbox.programs import HONEST, TRUE_NUMBERS, WORKED_EXAMPLE, reads
from worker import driver
from worker.graph import to_wire
from worker.sandbox import Limits, Observation, Sandbox, Session

ROUNDS = 200


def measure() -> dict[str, float]:
    """Milliseconds (medians unless said otherwise), sessions a second, and a zygote's MB."""
    with Sandbox() as sandbox:
        within = _median_ms(_run_in_process)
        sessions = [_run_session(sandbox) for _ in range(ROUNDS)]
        whole = statistics.median(session[1] for session in sessions)
        first = sorted(session[0] for session in sessions)
        begun = time.perf_counter()
        for _ in range(ROUNDS):
            _run_session(sandbox)
        a_second = ROUNDS / (time.perf_counter() - begun)
        return {
            "in_process_ms": within,
            "session_ms": whole,
            "session_beyond_in_process_ms": whole - within,
            "fork_to_first_observation_ms": statistics.median(first),
            "fork_to_first_observation_p99_ms": first[int(0.99 * ROUNDS)],
            "sessions_a_second_on_one_slot": a_second,
            "zygote_mb": _resident_mb(sandbox.zygote_pid),
        }


def _run_in_process() -> None:
    """The student's file loaded and the worked example run by the same driver, unprotected."""
    module = ModuleType(driver.MODULE)
    exec(compile(HONEST, driver.FILE, "exec"), vars(module))
    asked: list[list[Any]] = [[node, part, ""] for node, part in reads(WORKED_EXAMPLE)]
    request = {"steps": to_wire(WORKED_EXAMPLE), "reads": asked}
    answer = driver.observe(request, vars(module)["Value"], module)
    assert answer == {"numbers": list(TRUE_NUMBERS)}


def _run_session(sandbox: Sandbox) -> tuple[float, float]:
    """Milliseconds until the first observation, and until the child is gone."""
    begun = time.perf_counter()
    with sandbox.session(HONEST, Limits()) as session:
        _observe(session)
        first = time.perf_counter() - begun
    return first * 1000, (time.perf_counter() - begun) * 1000


def _observe(session: Session) -> None:
    session.load()
    assert session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE)) == Observation(TRUE_NUMBERS)


def _median_ms(work: Callable[[], None]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024
