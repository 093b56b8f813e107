"""What a grading may still spend, and why its remaining cases are not run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from worker.report.model import Verdict
from worker.sandbox import Session
from worker.sandbox.host.outcome import Failure, Limits
from worker.suites.cases import Case

MAX_RESTARTS = 3  # new sessions in a grading after a case has ended the session
MAX_RESTARTS_WITHOUT_POINTS = 1  # the same for cases that give no points


@dataclass(slots=True, kw_only=True)
class Budget:
    """What is left for the sessions of a grading."""

    limits: Limits  # what is left of them
    without_points: frozenset[int]  # the ids of cases as objects
    stopped: Failure | None = None  # why no more cases are run
    stopped_without_points: Failure | None = None  # why no more cases without points are run
    lost: int = 0  # sessions that a case has ended
    lost_without_points: int = 0  # those of them that give no points
    cpu_seconds: float = 0.0  # of all sessions, for the report

    def gives_points(self, case: Case) -> bool:
        """Whether the score depends on a case."""
        return id(case) not in self.without_points

    def count_lost(self, case: Case, failure: Failure) -> None:
        """Notes that a case ended its session, and stops the grading after too many of them."""
        self.lost += 1
        tests = "1 test" if self.lost == 1 else f"{self.lost} tests"
        reason = f"Not run, because {tests} before it ended the program. The last: "
        stopped = Failure(verdict=failure.verdict, message=reason + failure.message)
        if self.lost > MAX_RESTARTS:
            self.stopped = stopped
        elif not self.gives_points(case):
            self.lost_without_points += 1
            if self.lost_without_points > MAX_RESTARTS_WITHOUT_POINTS:
                self.stopped_without_points = stopped

    def spend(self, session: Session) -> None:
        """Takes the time of a session that has ended from what is left."""
        self.cpu_seconds += session.cpu_seconds
        left = self.limits.grading_cpu_seconds - session.cpu_seconds
        self.limits = replace(self.limits, grading_cpu_seconds=left)
        if left <= 0 and self.stopped is None:
            reason = "Not run, because the tests before it took too much CPU time together."
            self.stopped = Failure(verdict=Verdict.TIMEOUT, message=reason)
