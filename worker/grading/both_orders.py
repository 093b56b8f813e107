"""Runs a file's cases in both orders of sets, compares the numbers, and merges the reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from worker.grading.budget import OUT_OF_TIME
from worker.grading.growth import Growth
from worker.grading.judge import fail, judge, reconcile
from worker.grading.precision import Loss, recognise, settle
from worker.grading.sessions import Run
from worker.grading.unseeded import charge_for_seed
from worker.report.model import CaseReport, Verdict
from worker.sandbox.host.outcome import Failure, Observation
from worker.suites.cases import Case, Kind, Suite

REPEATABLE = frozenset(  # verdicts of cases that are run again with reversed sets
    {
        Verdict.PASSED,
        Verdict.WRONG_VALUE,
        Verdict.WRONG_GRADIENT,
        Verdict.ERROR,
        Verdict.UNSUPPORTED,
    }
)


@dataclass(slots=True, kw_only=True)
class BothOrders:
    """A file's run in the usual order, the report of each case, and then the reverse order."""

    run: Run
    require_double: bool
    on_case: Callable[[CaseReport], None] | None
    loss: Loss | None = None

    def grade_all(self, suites: Sequence[Suite]) -> list[list[tuple[Case, CaseReport]]]:
        """Returns every case with its report, for each suite.

        All cases run in one session, unless a case ends it. If an order or chance may have
        mattered, those that give points run in the other order, for which the budget has kept room.
        """
        cases = [case for suite in suites for case in suite.cases]
        reports, usual = [], []
        for case, outcome in zip(cases, self.run.run_all(cases), strict=True):
            reports.append(self._charge(case, self._judge(case, outcome)))
            usual.append(outcome)
            if self.on_case is not None:
                self.on_case(reports[-1])
        self.loss = recognise(
            list(zip(cases, reports, strict=True)), require_double=self.require_double
        )
        reports = self._settle_all(cases, reports)
        budget = self.run.budget
        stopped = budget.stopped
        if self.run.problem is None and self.run.may_vary and not self._agrees(cases, reports):
            if budget.begin_reverse():
                reports = self._run_again(cases, reports, usual)
            budget.stopped = budget.stopped or stopped
        pairs = iter(zip(cases, reports, strict=True))
        return [[next(pairs) for _ in suite.cases] for suite in suites]

    def _agrees(self, cases: Sequence[Case], reports: Sequence[CaseReport]) -> bool:
        """Whether running all cases again in their own session shows that no order matters."""
        repeated = self.run.repeated
        if repeated is None:
            return False
        merged = self._merge(cases, reports, list(repeated.items()))
        return all(one is other for one, other in zip(merged, reports, strict=True))

    def _run_again(
        self,
        cases: Sequence[Case],
        reports: Sequence[CaseReport],
        usual: Sequence[Observation | Failure],
    ) -> list[CaseReport]:
        """Runs the cases with points again with reversed sets, and merges both reports of each.

        `usual` has the outcome of each case. Wrong cases that don't get that far keep their first
        report. A right one that the time of the whole grading isn't enough for gets a timeout.
        """
        budget = self.run.budget
        chosen = [
            index
            for index, report in enumerate(reports)
            if report.verdict in REPEATABLE and budget.gives_points(cases[index])
        ]
        run = replace(
            self.run,
            reverse=True,
            fatal=[],
            growth=Growth(),
            doubted=set(),
        )
        outcomes = run.run_all([cases[index] for index in chosen])
        differing = [
            (index, outcome)
            for index, outcome in zip(chosen, outcomes, strict=True)
            if not _is_same(usual[index], outcome)
        ]
        return self._merge(cases, reports, differing)

    def _merge(
        self,
        cases: Sequence[Case],
        reports: Sequence[CaseReport],
        differing: Sequence[tuple[int, Observation | Failure]],
    ) -> list[CaseReport]:
        """Returns the reports, given what differed with reversed sets, by position."""
        merged = list(reports)
        differ = [
            (index, self._charge(cases[index], self._judge(cases[index], outcome)))
            for index, outcome in differing
        ]
        others = self._settle_all(
            [cases[index] for index, _ in differ], [report for _, report in differ]
        )
        for (index, _), other in zip(differ, others, strict=True):
            if reports[index].earned and other.message == OUT_OF_TIME:
                merged[index] = other
            elif reports[index].earned or other.verdict in REPEATABLE:
                merged[index] = reconcile(reports[index], other)
        return merged

    def _settle_all(self, cases: Sequence[Case], reports: Sequence[CaseReport]) -> list[CaseReport]:
        """Returns the reports with the verdicts that the engine's precision allows.

        What passes only now is charged for a missing seed as well.
        """
        pairs = zip(cases, reports, strict=True)
        return [self._charge(case, settle(case, report, self.loss)) for case, report in pairs]

    def _judge(self, case: Case, outcome: Observation | Failure) -> CaseReport:
        """Returns the report of one case.

        A case that wasn't run fails, even a convention. Without a backward, "not supported" says
        nothing about the operation that a convention asks for.
        """
        if outcome is self.run.budget.stopped and isinstance(outcome, Failure):
            return fail(case, outcome)
        interface = self.run.interface
        lacks_backward = interface is not None and interface.backward is None
        if lacks_backward and case.kind is Kind.CONVENTION and isinstance(outcome, Failure):
            return fail(case, outcome)
        return judge(case, outcome)

    def _charge(self, case: Case, report: CaseReport) -> CaseReport:
        is_unseeded = self.run.interface is not None and self.run.interface.unseeded
        return charge_for_seed(case, report) if is_unseeded else report


def _is_same(usual: Observation | Failure, reverse: Observation | Failure) -> bool:
    """Whether both orders gave the same numbers, so that the report is the same."""
    return (
        isinstance(usual, Observation)
        and isinstance(reverse, Observation)
        and usual.numbers == reverse.numbers
    )
