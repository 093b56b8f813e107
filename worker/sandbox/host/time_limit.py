"""Measures a child's time and memory from outside, and limits the time for one answer."""

from __future__ import annotations

import re
import time

from worker.report.model import Verdict
from worker.sandbox.host.outcome import Failure, Limits

STATUS_BYTES = 2**14  # more than a process's status is
PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")
SHORTEST_WAIT = 0.002
STARVED = 0.5  # with a smaller share of CPU in the wall time, a busy machine may be the cause


class Allowance:
    """The time left for one answer: CPU time of the child, and wall-clock time."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._pid = pid
        self._limits = limits
        self._used = self._used_before = measure_cpu(pid)
        self._case_end = self._used_before + limits.case_cpu_seconds
        self._wall_end = time.monotonic() + limits.case_wall_seconds

    def patience(self) -> float:
        """Returns for how many seconds no limit can be exceeded.

        The child has one thread, which can't use more CPU time than passes.
        """
        cpu_end = min(self._case_end, self._limits.session_cpu_seconds)
        left = min(cpu_end - self._used, self._wall_end - time.monotonic())
        return max(left, SHORTEST_WAIT)

    def exceeded(self) -> Failure | None:
        """Returns the failure of the limit that is exceeded; None if none is."""
        limits = self._limits
        used = self._used = measure_cpu(self._pid)
        if used >= limits.session_cpu_seconds:
            most = f"{limits.session_cpu_seconds:g} s of CPU"
            own = used - self._used_before
            return _timeout(f"The whole run took more than {most}.", doubtful=own < used / 2)
        if used >= self._case_end:
            return _timeout(f"No answer after {limits.case_cpu_seconds:g} s of computing.")
        if time.monotonic() < self._wall_end:
            return None
        message = f"No answer after {limits.case_wall_seconds:g} s, spent mostly waiting."
        share = (used - self._used_before) / limits.case_wall_seconds
        return _timeout(message, doubtful=share < STARVED)


def measure_cpu(pid: int) -> float:
    """Returns the CPU seconds that a process has used; 0 if it no longer exists."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the id of that process's clock
    except OSError:
        return 0.0


def measure_peak_memory(pid: int) -> int:
    """Returns the most bytes of memory that a process had in use; 0 if it no longer exists."""
    try:
        with open(f"/proc/{pid}/status", "rb", buffering=0) as status:  # noqa: PTH123 - cheaper
            found = PEAK.search(status.read(STATUS_BYTES))
    except OSError:
        return 0
    return int(found[1]) * 1024 if found else 0


def _timeout(message: str, doubtful: bool = False) -> Failure:
    return Failure(verdict=Verdict.TIMEOUT, message=message, doubtful=doubtful)
