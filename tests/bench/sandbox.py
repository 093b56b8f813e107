"""The cost of the sandbox, compared with the same work in process and with other isolation.

Figures of one run: compare them. `python -m tests.bench.sandbox` takes its time over the question
whether anything grows, in 20,000 sessions.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.worker.sandbox.leftovers import count_leftovers
from tests.worker.sandbox.programs import HONEST, TRUE_NUMBERS, WORKED_EXAMPLE, reads
from worker.driver.base.messages import MODULE
from worker.driver.graph.engine import Engine
from worker.driver.graph.observe import observe
from worker.driver.load import load
from worker.graph import to_wire
from worker.sandbox import Limits, Observation, Sandbox
from worker.sandbox.host.sandbox import MOST_FORKS

ROUNDS, FEW = 500, 20
SLOTS = 2
SOME_SESSIONS, MANY_SESSIONS = 1_000, 20_000
PASS = ("-I", "-S", "-c", "pass")


def measure() -> dict[str, float]:
    """Milliseconds (medians unless said otherwise), sessions a second, and a zygote's MB."""
    with Sandbox() as sandbox:
        within = _median_ms(_run_in_process, ROUNDS)
        sessions = [_run_session(sandbox) for _ in range(ROUNDS)]
        whole = statistics.median(session[1] for session in sessions)
        first = sorted(session[0] for session in sessions)
        zygote_mb = _resident_mb(sandbox.zygote_pid)
    return {
        "in process, unprotected, median ms": within,
        "session, opened to gone, median ms": whole,
        "session beyond the same in process, median ms (target 6)": whole - within,
        "fork to first observation, median ms (target 4)": statistics.median(first),
        "fork to first observation, p99 ms (target 8)": first[int(0.99 * ROUNDS)],
        **{f"{name}, median ms": _median_ms(work, FEW) for name, work in _list_others()},
        f"sessions a second in {SLOTS} slots (target 200)": measure_rate(),
        **measure_cost(),
        "zygote MB (target 25)": zygote_mb,
        **measure_growth(SOME_SESSIONS),
    }


def measure_rate() -> float:
    """Sessions a second of several slots at once, each in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(SLOTS) as pool:
        spans = pool.map(_work_slot, [ROUNDS] * SLOTS, chunksize=1)
    return SLOTS * ROUNDS / (max(end for _, end in spans) - min(begun for begun, _ in spans))


def _work_slot(sessions: int) -> tuple[float, float]:
    """When a slot began its sessions and when it had done them, on the machine's clock."""
    with Sandbox() as sandbox:
        _run_session(sandbox)
        begun = time.monotonic()
        for _ in range(sessions):
            _run_session(sandbox)
        return begun, time.monotonic()


def measure_cost() -> dict[str, float]:
    """The CPU time of a session, however busy the machine is."""
    with Sandbox() as sandbox:
        _renew_zygote(sandbox)
        before = _sum_used(sandbox.zygote_pid)
        for _ in range(FEW * 10):
            _run_session(sandbox)
        after = _sum_used(sandbox.zygote_pid)
    seconds, faults = ((late - early) / FEW / 10 for early, late in zip(before, after, strict=True))
    return {
        "CPU of a session: worker, zygote and child, mean ms": seconds * 1000,
        "page faults of a session: worker, zygote and child, mean": faults,
    }


def _sum_used(zygote: int) -> tuple[float, int]:
    """CPU seconds and page faults of this process, of a zygote, and of its children so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    fields = Path(f"/proc/{zygote}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(map(int, fields[11:15]))
    seconds = own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")
    return seconds, own.ru_minflt + int(fields[7]) + int(fields[8])


def measure_growth(sessions: int) -> dict[str, float]:
    """How much larger this process and its zygote are, and how many more descriptors are open."""
    with Sandbox() as sandbox:
        for _ in range(MOST_FORKS):  # until everything that is kept has been made once
            _run_session(sandbox)
        before = _count_kept(sandbox)
        for _ in range(sessions):
            _run_session(sandbox)
        after = _count_kept(sandbox)
    return {
        f"growth over {sessions} sessions: {name}": after[name] - before[name] for name in before
    }


def _count_kept(sandbox: Sandbox) -> dict[str, float]:
    """With a zygote that is as old each time: it is replaced now and then."""
    _renew_zygote(sandbox)
    gc.collect()
    return {
        "resident MB of the worker": _resident_mb("self"),
        "resident MB of the zygote": _resident_mb(sandbox.zygote_pid),
        "open descriptors of the worker": count_leftovers(sandbox)["descriptors"],
        "open descriptors of the zygote": _count_descriptors(sandbox.zygote_pid),
    }


def _renew_zygote(sandbox: Sandbox) -> None:
    """Runs sessions until another zygote has taken over, and has got into its stride."""
    worn = sandbox.zygote_pid
    while sandbox.zygote_pid == worn:
        _run_session(sandbox)
    for _ in range(FEW):
        _run_session(sandbox)


def _count_descriptors(zygote: int) -> int:
    """Those of a zygote that waits; while it forks there are more."""
    folder = Path(f"/proc/{zygote}/fd")
    seen = []
    for _ in range(FEW):
        time.sleep(0.001)
        seen.append(len(list(folder.iterdir())))
    return min(seen)


def _list_others() -> Iterator[tuple[str, Callable[[], object]]]:
    """A Python that does nothing, as bare and as isolated as this machine can have it."""
    bare = [sys.executable, *PASS]
    yield "bare python3 -I -S -c pass", lambda: _run(bare)
    if bubblewrap := shutil.which("bwrap"):
        wrapped = [bubblewrap, "--ro-bind", "/", "/", "--unshare-all", "--die-with-parent", *bare]
        yield "the same in bubblewrap", lambda: _run(wrapped)
    if image := _find_image():
        contained = [
            "docker",
            "run",
            "--rm",
            "--network=none",
            "--entrypoint=python3",
            image,
            *PASS,
        ]
        yield "the same by docker run", lambda: _run(contained)


def _find_image() -> str | None:
    """An image with a python3, where a Docker engine runs and has one."""
    if not shutil.which("docker"):
        return None
    listed = subprocess.run(["docker", "image", "ls", "-q"], capture_output=True, text=True)
    for image in dict.fromkeys(listed.stdout.split()):
        command = ["docker", "run", "--rm", "--network=none", "--entrypoint=python3", image, *PASS]
        if subprocess.run(command, capture_output=True).returncode == 0:
            return image
    return None


def _run(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def _run_in_process() -> None:
    """The student's file loaded and the worked example run by the same driver, unprotected."""
    found = load(HONEST, ModuleType(MODULE))
    assert isinstance(found, Engine)
    asked: list[list[Any]] = [[node, part, ""] for node, part in reads(WORKED_EXAMPLE)]
    request = {"steps": to_wire(WORKED_EXAMPLE), "reads": asked}
    answer = observe(request, found)
    assert answer == {"numbers": list(TRUE_NUMBERS)}


def _run_session(sandbox: Sandbox) -> tuple[float, float]:
    """Milliseconds until the first observation, and until the child is gone."""
    begun = time.perf_counter()
    with sandbox.session(HONEST, Limits()) as session:
        session.load()
        assert session.run(WORKED_EXAMPLE, reads(WORKED_EXAMPLE)) == Observation(TRUE_NUMBERS)
        first = time.perf_counter() - begun
    return first * 1000, (time.perf_counter() - begun) * 1000


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def _resident_mb(process: int | str) -> float:
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    for name, figure in measure_growth(MANY_SESSIONS).items():
        print(f"{name:70} {figure:10.3g}", flush=True)
