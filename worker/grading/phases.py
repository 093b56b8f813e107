"""How long each phase of a grading takes, for operators. No result depends on it."""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Phases:
    """Seconds by phase. A grading is in one phase at a time, and may enter one again."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _phase: str | None = None
    _since: float = 0.0

    def enter(self, phase: str) -> None:
        """Begin a phase; the phase before it ends."""
        self.end()
        self._phase = phase

    def end(self) -> dict[str, float]:
        """End the current phase; returns the seconds of all."""
        moment = time.perf_counter()
        if self._phase is not None:
            self.seconds[self._phase] += moment - self._since
        self._phase, self._since = None, moment
        return self.seconds
