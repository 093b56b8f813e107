"""The time that one answer may take, measured from outside the child."""

from __future__ import annotations

import time

from worker.sandbox.outcome import Limits

SHORTEST_WAIT = 0.002


class Allowance:
    """The seconds left for one answer: of the child's CPU first, and of the wall clock."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self._clock = (~pid << 3) | 2  # what the kernel calls that process's CPU clock
        self._limits = limits
        self._case_end = self._cpu() + limits.case_cpu_seconds
        self._wall_end = time.monotonic() + limits.case_wall_seconds

    def patience(self) -> float:
        """Seconds for which nothing can run out: one thread uses no more CPU than time passes."""
        cpu_end = min(self._case_end, self._limits.session_cpu_seconds)
        left = min(cpu_end - self._cpu(), self._wall_end - time.monotonic())
        return max(left, SHORTEST_WAIT)

    def exceeded(self) -> str | None:
        """What has run out, as a sentence; None while nothing has."""
        used = self._cpu()
        if used >= self._limits.session_cpu_seconds:
            return f"The whole run took more than {self._limits.session_cpu_seconds:g} s of CPU."
        if used >= self._case_end:
            return f"No answer after {self._limits.case_cpu_seconds:g} s of computing."
        if time.monotonic() >= self._wall_end:
            return f"No answer after {self._limits.case_wall_seconds:g} s, spent mostly waiting."
        return None

    def _cpu(self) -> float:
        """Seconds of CPU that the child has used; it may have ended and be gone already."""
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return 0.0
