"""Measures a child's time and memory from outside, and limits the time for one answer.

Only the child's own CPU time counts. So it doesn't matter how busy the machine is. A child that is
asleep uses none; it's found by its state.
"""

from __future__ import annotations

import re
import time

from worker.report.model import Verdict
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import USED_UP, Failure, Limits

STATUS_BYTES = 2**14  # more than a process's status is
PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")
SHORTEST_WAIT, LONGEST_WAIT = 0.002, 0.25
LAST_RESORT_SECONDS = 600.0  # of wall-clock time for one answer; more is our failure
ASLEEP = b"S"
WAITED = "The program waited for something that never came, and was stopped."


class Clock:
    """The time of a session: CPU time of the child, and how long it may still be asleep."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self.pid = pid
        self.cpu_end = limits.grading_cpu_seconds
        self.waiting_left = limits.waiting_seconds


class Allowance:
    """The time left for one answer."""

    def __init__(self, clock: Clock, cpu_seconds: float) -> None:
        self._clock, self._most = clock, cpu_seconds
        self._used = self._used_before = measure_cpu(clock.pid)
        self._end = self._used_before + cpu_seconds
        self._last_resort = time.monotonic() + LAST_RESORT_SECONDS
        self._wait = 0.0
        self._was_asleep = False

    def patience(self) -> float:
        """Returns how many seconds to wait before the next look.

        The child has one thread, which can't use more CPU time than passes.
        """
        left = min(self._end, self._clock.cpu_end) - self._used
        self._wait = min(max(left, SHORTEST_WAIT), LONGEST_WAIT)
        return self._wait

    def exceeded(self, *, idle: bool) -> Failure | None:
        """Returns the failure of the limit that is exceeded; None if none is.

        `idle`: nothing came from the child since the last look, and it had nothing to read. If it's
        asleep at two such looks, nothing that we do will wake it.

        Raises SandboxError if it neither answers nor runs, which isn't its own doing.
        """
        clock = self._clock
        used = self._used = measure_cpu(clock.pid)
        if used >= clock.cpu_end:
            return _timeout(USED_UP, doubtful=used - self._used_before < used / 2)
        if used >= self._end:
            return _timeout(f"No answer after {self._most:g} s of computing.", doubtful=True)
        asleep = idle and read_state(clock.pid) == ASLEEP
        if asleep and self._was_asleep:
            clock.waiting_left -= self._wait
        self._was_asleep = asleep
        if asleep and clock.waiting_left <= 0:
            return _timeout(WAITED)
        if time.monotonic() > self._last_resort:
            raise SandboxError(
                "A program neither answered nor ran for ten minutes. Is it stopped, or is the "
                "machine overloaded?"
            )
        return None


def measure_cpu(pid: int) -> float:
    """Returns the CPU seconds that a process has used; 0 if it no longer exists."""
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the id of that process's clock
    except OSError:
        return 0.0


def measure_peak_memory(pid: int) -> int:
    """Returns the most bytes of memory that a process had in use; 0 if it no longer exists."""
    found = PEAK.search(_read(f"/proc/{pid}/status"))
    return int(found[1]) * 1024 if found else 0


def read_state(pid: int) -> bytes:
    """Returns the letter of a process's state, such as `S` for asleep; empty if it's unknown."""
    return _read(f"/proc/{pid}/stat").rpartition(b") ")[2][:1]


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as status:  # noqa: PTH123 - cheaper
            return status.read(STATUS_BYTES)
    except OSError:
        return b""


def _timeout(message: str, doubtful: bool = False) -> Failure:
    return Failure(verdict=Verdict.TIMEOUT, message=message, doubtful=doubtful)
