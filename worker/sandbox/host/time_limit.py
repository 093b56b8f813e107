"""Measures a child's time and memory from outside, and limits the time for one answer.

Only the child's own CPU time counts. So it doesn't matter how busy the machine is. A child that is
asleep uses none; it's found by its state.
"""

from __future__ import annotations

import re
import time

from worker.report.model import Verdict
from worker.sandbox.errors import SandboxError
from worker.sandbox.host.outcome import USED_UP, Failure

STATUS_BYTES = 2**14  # more than a process's status is
PEAK = re.compile(rb"VmHWM:\s+(\d+) kB")
SHORTEST_WAIT, LONGEST_WAIT = 0.002, 0.1
LAST_RESORT_SECONDS = 600.0  # of wall-clock time for one answer; more is our failure
# The others are no doing of a program: it waits for a CPU (R) or for the disk (D), or somebody
# stopped it (T or t).
ASLEEP = b"S"
WAITED = "The program waited for something that never came, and was stopped."


class Allowance:
    """The time left for one answer.

    `cpu_end` is the CPU time at which the child has used up what its whole grading may take.
    """

    def __init__(
        self, pid: int, *, cpu_seconds: float, cpu_end: float, waiting_seconds: float
    ) -> None:
        self._pid, self._most, self._cpu_end = pid, cpu_seconds, cpu_end
        self._used = self._used_before = measure_cpu(pid)
        self._end = self._used_before + cpu_seconds
        self._waiting_seconds = self._waiting_left = waiting_seconds
        self._last_resort = time.monotonic() + LAST_RESORT_SECONDS
        self._wait = 0.0
        self._was_asleep = False

    def patience(self) -> float:
        """Returns how many seconds to wait before the next look.

        The child has one thread, which can't use more CPU time than passes.
        """
        left = min(self._end, self._cpu_end) - self._used
        self._wait = min(max(left, SHORTEST_WAIT), LONGEST_WAIT)
        return self._wait

    def exceeded(self, *, idle: bool) -> Failure | None:
        """Returns the failure of the limit that is exceeded; None if none is.

        `idle`: nothing came from the child since the last look, and it had nothing to read.

        Raises SandboxError if it neither answers nor runs, which isn't its own doing.
        """
        used_before, used = self._used, measure_cpu(self._pid)
        self._used = used
        if used >= self._cpu_end:
            return _timeout(USED_UP, doubtful=used - self._used_before < used / 2)
        if used >= self._end:
            return _timeout(f"No answer after {self._most:g} s of computing.", doubtful=True)
        if self._is_blocked(idle=idle and used == used_before):
            return _timeout(WAITED)
        if time.monotonic() > self._last_resort:
            raise SandboxError(
                "A program neither answered nor ran for ten minutes. Is it stopped, or is the "
                "machine overloaded?"
            )
        return None

    def _is_blocked(self, *, idle: bool) -> bool:
        """Whether the child has been asleep at all looks for as long as it may be.

        It can't wake by itself, because the policy allows no call that ends after a time. It may be
        asleep because of us, if it waits until we read what it wrote or write what it reads. Then
        something moves before the next look. A child that only waits for a CPU isn't asleep.
        """
        asleep = idle and read_state(self._pid) == ASLEEP
        still_asleep, self._was_asleep = asleep and self._was_asleep, asleep
        if still_asleep:
            self._waiting_left -= self._wait
        elif not asleep:
            self._waiting_left = self._waiting_seconds
        return still_asleep and self._waiting_left <= 0


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
