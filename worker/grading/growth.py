"""Stops where the growth of a graph's calls shows that a larger one takes too many.

It goes by counted calls, so it decides the same on any machine.
"""

from __future__ import annotations

import math
from itertools import pairwise

from worker.report.model import Verdict
from worker.report.numbers import show_point
from worker.sandbox.host.outcome import Failure, Observation, most_calls
from worker.suites.cases import Case, Kind

CLEARLY = 2  # times too many; an estimate is not exact
NEARLY = 1.1  # the same; a few calls don't depend on the size
SMALLEST_STEP = 0.01  # between the logarithms of two sizes


class Growth:
    """The calls that graphs of several sizes have taken so far."""

    def __init__(self) -> None:
        self._seen: dict[str, list[tuple[Case, float]]] = {}

    def note(self, case: Case, outcome: Observation | Failure) -> None:
        """Remembers the calls of a case; infinitely many for one that took too long."""
        if case.kind is not Kind.GROWTH:
            return
        calls = None
        if isinstance(outcome, Failure):
            calls = math.inf if outcome.verdict is Verdict.TIMEOUT else None
        elif outcome.cost is not None:
            calls = outcome.cost.calls
        if calls:
            self._seen.setdefault(case.graph_id, []).append((case, calls))

    def foresee(self, case: Case) -> Failure | None:
        """Returns why a case isn't run; None if it is.

        Only smaller graphs matter, because a grading may run all sizes twice. From one size to the
        next, calls are taken to grow by the same power of the size.
        """
        seen = self._see_smaller(case) if case.kind is Kind.GROWTH else []
        if not seen:
            return None
        last, calls = seen[-1]
        at_last, most = show_point(last.point), math.log(CLEARLY * most_calls(case.graph))
        if math.isinf(calls):
            return _not_run(f"{at_last} took too long")
        for first, fewer in seen[-2:-1]:
            logs = (math.log(one.size or 1) for one in (first, last, case))
            small, medium, large = logs
            power = math.log(calls / fewer) / max(medium - small, SMALLEST_STEP)
            if math.log(calls) + power * (large - medium) > most:
                grew = f"the calls grew from {fewer:,.0f} to {calls:,.0f}"
                return _not_run(f"from {show_point(first.point)} to {at_last} {grew}")
        return None

    def is_proportional(self, case: Case) -> bool:
        """Whether two smaller sizes show that calls grow in proportion to the graph."""
        by_size = {one.size: (one, calls) for one, calls in self._see_smaller(case)}
        for (first, fewer), (last, calls) in pairwise([*by_size.values()][-2:]):
            return calls / fewer <= NEARLY * len(last.graph.steps) / len(first.graph.steps)
        return False

    def _see_smaller(self, case: Case) -> list[tuple[Case, float]]:
        """Returns the smaller sizes of a case's graph with their calls."""
        every = self._seen.get(case.graph_id, [])
        return [item for item in every if (item[0].size or 0) < (case.size or 0)]


def _not_run(why: str) -> Failure:
    return Failure(verdict=Verdict.TIMEOUT, message=f"Not run, because {why}.")
