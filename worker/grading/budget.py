"""What a grading may still spend, and why its remaining cases are not run.

All sessions of a grading share one budget, in both orders. Nothing is refunded, and what is cut
follows from counts and fixed prices, so the same cases are cut each time. Measured time only cuts
what takes very long: twelve seconds in all, or six once a case ended the program. A program that
forges its counted work gets no more than the twelve. docs/judging.md has the rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from worker.report.model import Verdict
from worker.sandbox.host.outcome import Failure, Limits, Loaded
from worker.suites.cases import Case

MOST_LOST = 4  # cases that end the program; after them, no other case is run
MOST_LOST_WITHOUT_POINTS = 2  # the same for cases without points; one that is too slow is enough
# Seconds that loading a file is charged with: the first that covers its counted work. That is
# nearly nothing for most files, 0.4 for demos that are stopped, and 1.2 if CPU time stops them.
LOAD_PRICES = (0.1, 0.5, 0.9, 1.5)
# The price also covers what a machine would need that is so many times faster. So a slow or busy
# one changes no price, and what isn't counted has one.
SLOWNESS = 3.0
OUT_OF_TIME = "Not run, because the tests before it took too much CPU time together."
MOST_AFTER_SECOND_TRY = 2  # sessions for which a second try must leave room
SLOW_TO_LOAD = (
    "Not run, because the file takes too much CPU time to load. Put demos and training under "
    "`if __name__ == '__main__':`."
)


@dataclass(slots=True, kw_only=True)
class Budget:
    """What is left for the sessions of a grading.

    In the usual order of sets, the price of a session in the reverse order is kept back: a test
    that passes counts only if it passes there too.
    """

    limits: Limits  # with what is left of the CPU time of the grading
    without_points: frozenset[int]  # the ids of cases as objects
    stopped: Failure | None = None  # why no more cases are run
    cannot_load: bool = False  # the file was loaded once, and not again
    stopped_without_points: Failure | None = None  # why no more cases without points are run
    cpu_seconds: float = 0.0  # of all sessions, for the report
    _left: float = field(init=False)  # for loading, and for cases that end the program
    _most: float = field(init=False)  # for all sessions together
    _loading: float = 0.0  # CPU seconds of loading that counted work explains
    _load_price: float = LOAD_PRICES[0]  # of the dearest load so far
    _lost: int = 0  # cases that have ended the program
    _lost_without_points: int = 0
    _is_usual: bool = True  # the order of sets
    _last: Failure | None = None  # why a case isn't run after those that have ended the program

    def __post_init__(self) -> None:
        """Begins with all that a grading may spend."""
        self._left = self.limits.failure_cpu_seconds
        self._most = self.limits.grading_cpu_seconds
        self._limit()

    def gives_points(self, case: Case) -> bool:
        """Whether the score depends on a case."""
        return id(case) not in self.without_points

    def charge_load(self, cpu_seconds: float, outcome: object) -> None:
        """Charges for loading the file, or for an attempt that failed, by its time."""
        if isinstance(outcome, Loaded):
            self._loading += min(cpu_seconds, outcome.counted_seconds * SLOWNESS)
            cpu_seconds = max(outcome.counted_seconds, cpu_seconds / SLOWNESS)
        dearest = self.limits.load_cpu_seconds
        price = next((p for p in LOAD_PRICES if cpu_seconds <= p), dearest)
        self._load_price = max(self._load_price, price)
        self._left -= price

    def charge_end(self, case: Case) -> None:
        """Charges a case that ended its session, by all that it may have used."""
        self._left -= self.limits.of(case.question)

    @property
    def _session(self) -> float:
        """The price of a session in which a case ends the program."""
        return self._load_price + self.limits.case_cpu_seconds

    @property
    def _kept_back(self) -> float:
        """The price of the session in the reverse order, as long as that is to come."""
        return self._session if self._is_usual else 0.0

    @property
    def allows_another_session(self) -> bool:
        """Whether a session can be paid in which a case ends the program again."""
        return self._left >= self._session + self._kept_back

    def begin_reverse(self) -> bool:
        """Whether sessions in the reverse order may begin, which use what was kept back.

        What stopped the usual order doesn't stop them, unless the file can't be loaded.
        """
        if self.cannot_load:
            return False
        self._is_usual, self.stopped = False, None
        self._limit()
        return self.allows_another_session

    @property
    def allows_second_load(self) -> bool:
        """Whether a file that couldn't be loaded may be loaded again."""
        return self._left >= self._load_price

    def allows_second_try(self, case: Case) -> bool:
        """Whether a case that ended its session may do it again, with room for what follows."""
        again = self._load_price + self.limits.of(case.question)
        sessions = min(MOST_AFTER_SECOND_TRY, max(MOST_LOST - self._lost - 1, 0))
        return self._left >= again + sessions * self._session + self._kept_back

    def why_not_run(self, case: Case) -> Failure | None:
        """Returns why a case isn't run; None if it may be.

        A large graph takes longer. It isn't run if the other cases couldn't go on after it.
        """
        if self.stopped_without_points and not self.gives_points(case):
            return self.stopped_without_points
        if not case.question.measure:
            return None
        most = self.limits.of(case.question)
        if most <= self.limits.case_cpu_seconds or self._left >= most + self._session:
            return None
        return self._last or Failure(verdict=Verdict.TIMEOUT, message=SLOW_TO_LOAD)

    def count_lost(self, case: Case, failure: Failure) -> None:
        """Notes that a case ended the program, and stops the grading after too many of them.

        From now on all sessions together, those so far included, get only what failures may cost.
        """
        self._lost += 1
        tests = "1 test" if self._lost == 1 else f"{self._lost} tests"
        reason = f"Not run, because {tests} before it ended the program. The last: "
        self._last = Failure(verdict=failure.verdict, message=reason + failure.message)
        if self._lost >= MOST_LOST or not self.allows_another_session:
            self.stopped = self._last
        if not self.gives_points(case):
            is_slow = failure.verdict is Verdict.TIMEOUT
            self._lost_without_points += MOST_LOST_WITHOUT_POINTS if is_slow else 1
            if self._lost_without_points >= MOST_LOST_WITHOUT_POINTS:
                self.stopped_without_points = self._last

    def spend(self, cpu_seconds: float) -> None:
        """Takes the time of a session that has ended from what is left."""
        self.cpu_seconds += cpu_seconds
        if self._limit() <= 0 and self.stopped is None:
            self.stopped = Failure(verdict=Verdict.TIMEOUT, message=OUT_OF_TIME)

    def _limit(self) -> float:
        """Sets the time that the next session may take, and returns what is left.

        What failures may cost doesn't include loading that counted work explains: its price limits
        it, and a slow machine takes longer for it. No process can start with nothing, so a session
        that starts may at least load the file.
        """
        most = self._most
        if self._lost:
            most = min(most, self.limits.failure_cpu_seconds + self._loading)
        left = most - self.cpu_seconds - self._kept_back
        self.limits = replace(self.limits, grading_cpu_seconds=max(left, self._load_price))
        return left
