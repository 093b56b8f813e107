"""Grades a student's file: runs suites in the sandbox and returns a report. Uses no database."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from worker.grading import marking
from worker.grading.causes import find_traits
from worker.grading.growth import Growth
from worker.grading.judge import fail, judge, reconcile
from worker.grading.marking import Selection, score
from worker.grading.phases import Phases
from worker.grading.precision import Loss, recognise, settle
from worker.grading.spelling import respell
from worker.grading.unseeded import charge_for_seed
from worker.reference.engine import ENGINE_VERSION
from worker.report.model import (
    CaseReport,
    Interface,
    Problem,
    ProblemKind,
    Provenance,
    Report,
    Verdict,
)
from worker.report.names import Names
from worker.sandbox import Sandbox, Session
from worker.sandbox.host.outcome import USED_UP, Failure, Limits, Loaded, Observation
from worker.suites.cases import Case, Kind, Suite
from worker.suites.rules import spell_rule

REPEATABLE = frozenset(  # verdicts of cases that are run again with reversed sets
    {
        Verdict.PASSED,
        Verdict.WRONG_VALUE,
        Verdict.WRONG_GRADIENT,
        Verdict.ERROR,
        Verdict.UNSUPPORTED,
    }
)
MAX_RESTARTS = 3  # new sessions in a grading after a case has ended the session
MAX_RESTARTS_WITHOUT_POINTS = 1  # the same for cases that give no points


def grade(
    source: str,
    selections: Sequence[Selection],
    sandbox: Sandbox,
    *,
    seed: int,
    limits: Limits | None = None,
    names: Names | None = None,
    require_double: bool = False,
    on_case: Callable[[CaseReport], None] | None = None,
    on_progress: Callable[[], None] | None = None,
    phases: Phases | None = None,
) -> Report:
    """Runs a student's file on every case of the selected suites.

    `on_case` is called with the report of each case as soon as it is known, and `on_progress` after
    each run of a case, including second runs. `names` are the names that an assignment asks for.
    Unless it requires double precision, single precision is accepted. `phases` gets the seconds
    of `load`, `run` and `judge`.

    Mistakes of the student's code are in the report. An exception means that we failed.
    """
    started = time.monotonic()
    run = _Run(
        source=source,
        sandbox=sandbox,
        limits=limits or Limits(),
        names=names,
        require_double=require_double,
        on_case=on_case,
        on_progress=on_progress,
        phases=phases or Phases(),
        without_points=frozenset(
            id(case) for item in selections if not item.weight for case in item.suite.cases
        ),
    )
    judged = run.grade_all([item.suite for item in selections])
    suites, ledger = score(selections, judged, loaded=run.problem is None)
    return Report(
        score=round(sum(suite.score for suite in suites), 9),
        max_score=round(sum(suite.max_score for suite in suites), 9),
        suites=respell(suites, run.interface),
        ledger=ledger,
        problem=run.problem,
        interface=run.interface,
        precision=run.loss.precision if run.loss else None,
        stdout=run.stdout,
        stderr=run.stderr,
        provenance=Provenance(
            suite_versions={item.suite.name: item.suite.version for item in selections},
            seed=seed,
            engine_version=ENGINE_VERSION,
            python=run.python or platform.python_version(),
            sandbox_layers=tuple(sandbox.layer_names),
            seconds=time.monotonic() - started,
            cpu_seconds=run.cpu_seconds,
            marking=marking.VERSION,
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """The state of one grading while it runs."""

    source: str
    sandbox: Sandbox
    limits: Limits  # what is left of them
    names: Names | None
    require_double: bool
    on_case: Callable[[CaseReport], None] | None
    on_progress: Callable[[], None] | None
    phases: Phases
    without_points: frozenset[int]  # the ids of cases as objects
    reverse: bool = False  # sets have the reverse of their usual order
    python: str = ""
    interface: Interface | None = None
    loss: Loss | None = None
    problem: Problem | None = None
    stopped: Failure | None = None  # why no more cases are run
    fatal: list[tuple[Case, Failure]] = field(default_factory=list)  # rule tests that ended one
    lost: int = 0  # sessions that a case has ended
    cpu_seconds: float = 0.0  # of all sessions, for the report
    growth: Growth = field(default_factory=Growth)
    lost_without_points: int = 0  # those of them that give no points
    stopped_without_points: Failure | None = None  # why no more cases without points are run
    one_by_one: bool = False  # send single cases, to know which of them printed too much
    doubted: set[str] = field(default_factory=set)  # "case", "loading": the last was doubtful
    stdout: str = ""
    stderr: str = ""
    printed_by_loading: tuple[str, str] = ("", "")

    def grade_all(self, suites: Sequence[Suite]) -> list[list[tuple[Case, CaseReport]]]:
        """Returns every case with its report, for each suite.

        All cases run in one session, unless a case ends it. Then they run in the other order.
        """
        cases, limits = [case for suite in suites for case in suite.cases], self.limits
        reports = self.run_all(cases)
        judged = list(zip(cases, reports, strict=True))
        self.loss = recognise(judged, require_double=self.require_double)
        reports = self.settle_all(cases, reports)
        if self.stopped is None:
            reports = self.run_again(cases, reports, limits)
        pairs = iter(zip(cases, reports, strict=True))
        return [[next(pairs) for _ in suite.cases] for suite in suites]

    def run_again(
        self, cases: Sequence[Case], reports: Sequence[CaseReport], limits: Limits
    ) -> list[CaseReport]:
        """Runs the cases with points again with reversed sets, and merges both reports of each.

        This has limits of its own, so that a slow engine is run again to the end. Wrong cases that
        don't get that far keep their first report.
        """
        chosen = [
            index
            for index, report in enumerate(reports)
            if report.verdict in REPEATABLE and id(cases[index]) not in self.without_points
        ]
        again = [cases[index] for index in chosen]
        run = replace(
            self,
            reverse=True,
            limits=limits,
            on_case=None,
            fatal=[],
            lost=0,
            growth=Growth(),
            doubted=set(),
            cpu_seconds=0.0,
        )
        others = run.settle_all(again, run.run_all(again))
        self.cpu_seconds += run.cpu_seconds
        merged = list(reports)
        for index, other in zip(chosen, others, strict=True):
            if reports[index].earned or other.verdict in REPEATABLE:
                merged[index] = reconcile(reports[index], other)
        return merged

    def settle_all(self, cases: Sequence[Case], reports: Sequence[CaseReport]) -> list[CaseReport]:
        """Returns the reports with the verdicts that the engine's precision allows.

        What passes only now is charged for a missing seed as well.
        """
        pairs = zip(cases, reports, strict=True)
        return [self._charge(case, settle(case, report, self.loss)) for case, report in pairs]

    def judge(self, case: Case, outcome: Observation | Failure) -> CaseReport:
        """Returns the report of one case.

        Without a backward, "not supported" says nothing about the operation that a convention asks
        for.
        """
        lacks_backward = self.interface is not None and self.interface.backward is None
        if lacks_backward and case.kind is Kind.CONVENTION and isinstance(outcome, Failure):
            return fail(case, outcome)
        return judge(case, outcome)

    def _charge(self, case: Case, report: CaseReport) -> CaseReport:
        is_unseeded = self.interface is not None and self.interface.unseeded
        return charge_for_seed(case, report) if is_unseeded else report

    def run_all(self, cases: Sequence[Case]) -> list[CaseReport]:
        """Runs cases in as many sessions as needed. Once `stopped` is set, the others fail."""
        done: list[CaseReport] = []
        while len(done) < len(cases) and self.stopped is None:
            done += self.run_session(cases[len(done) :])
        for case in cases[len(done) :]:
            assert self.stopped is not None
            done.append(fail(case, self.stopped))
            if self.on_case is not None:
                self.on_case(done[-1])
        return done

    def run_session(self, cases: Sequence[Case]) -> list[CaseReport]:
        """Runs cases in one session, until the last case or until one ends the session."""
        reports: list[CaseReport] = []
        self.phases.enter("load")
        session = self.sandbox.session(
            self.source, self.limits, names=self.names, reverse=self.reverse
        )
        with session:
            if self.load(session):
                answers = session.run_all(
                    (case.question for case in cases if not self._find_fatal(case)),
                    together=not self.one_by_one,
                )
                for case in cases:
                    skipped = self._find_fatal(case)
                    self.phases.enter("run")
                    outcome = skipped or next(answers)
                    self.phases.enter("judge")
                    if self._is_in_doubt(outcome, "case", case):
                        break  # the next session begins with the same case
                    if skipped is None:
                        self.growth.note(case, outcome)
                    reports.append(self._charge(case, self.judge(case, outcome)))
                    if self.on_case is not None:
                        self.on_case(reports[-1])
                    if self.on_progress is not None:
                        self.on_progress()
                    if isinstance(outcome, Failure) and not session.alive:
                        self.count_lost(case, outcome)
                        break
            if not self.reverse:
                self.keep_output(session)
            self.phases.enter("run")  # until the child has ended
        self.phases.enter("judge")
        self.spend(session)
        return reports

    def _find_fatal(self, case: Case) -> Failure | None:
        """Returns why a case isn't run; None for a case that is run.

        A case isn't run if a simpler case, which tests a rule that this one tests or needs,
        ended the program before. No case without points is run after two of them ended the program.
        """
        if self.stopped_without_points and id(case) in self.without_points:
            return self.stopped_without_points
        for own, failure in self.fatal:
            rule = own.establishes or ""
            is_simpler = find_traits(own) <= find_traits(case)
            if is_simpler and (rule in case.needs or rule == case.establishes):
                reason = f"Not run, because {spell_rule(rule)} ended the program before: "
                return Failure(verdict=failure.verdict, message=reason + failure.message)
        return self.growth.foresee(case)

    def load(self, session: Session) -> bool:
        """Loads the file and returns whether it worked.

        If it didn't, `stopped` is set, unless loading is worth a second try.
        """
        outcome = session.load()
        is_late = isinstance(outcome, Failure) and outcome.message == USED_UP
        if self._is_in_doubt(outcome, "loading") or (is_late and self.python):
            return False
        if isinstance(outcome, Loaded):
            self.python, self.interface = outcome.python, outcome.interface
            self.printed_by_loading = (session.stdout, session.stderr)
            return True
        if isinstance(outcome, Problem):
            problem, verdict = outcome, Verdict.ERROR
        else:
            problem = Problem(kind=ProblemKind.STOPPED, message=_blame_loading(outcome))
            verdict = outcome.verdict
        if self.python:  # the file was loaded before, so some cases have been run
            reason = f"Not run, because the file could not be loaded again: {problem.message}"
            self.stopped = Failure(verdict=verdict, message=reason)
        else:
            self.problem = problem
            self.stopped = Failure(verdict=verdict, message=problem.message)
        return False

    def keep_output(self, session: Session) -> None:
        """Appends what a session printed. Output of loading is kept from the first session only."""
        first = not (self.stdout or self.stderr)
        said, shouted = ("", "") if first else self.printed_by_loading
        most = self.limits.kept_bytes
        self.stdout = (self.stdout + session.stdout.removeprefix(said))[:most]
        self.stderr = (self.stderr + session.stderr.removeprefix(shouted))[:most]

    def _is_in_doubt(self, outcome: object, what: str, case: Case | None = None) -> bool:
        """Whether to try again, because the machine or another case may have caused a failure.

        A failure that is doubtful twice in a row counts. `what` is "case" or "loading"; each has
        its own count. A case without points that takes too long isn't tried again.
        """
        if isinstance(outcome, Failure) and outcome.shared:
            self.one_by_one = True
            return True
        is_doubtful = isinstance(outcome, Failure) and outcome.doubtful
        if isinstance(outcome, Failure) and is_doubtful and outcome.verdict is Verdict.TIMEOUT:
            is_doubtful = id(case) not in self.without_points
        in_doubt = is_doubtful and what not in self.doubted
        (self.doubted.add if in_doubt else self.doubted.discard)(what)
        return in_doubt

    def count_lost(self, case: Case, failure: Failure) -> None:
        """Notes that a case ended its session, and stops the grading after too many of them."""
        if case.establishes is not None:
            self.fatal.append((case, failure))
        self.lost += 1
        tests = "1 test" if self.lost == 1 else f"{self.lost} tests"
        reason = f"Not run, because {tests} before it ended the program. The last: "
        stopped = Failure(verdict=failure.verdict, message=reason + failure.message)
        if self.lost > MAX_RESTARTS:
            self.stopped = stopped
        elif id(case) in self.without_points:
            self.lost_without_points += 1
            if self.lost_without_points > MAX_RESTARTS_WITHOUT_POINTS:
                self.stopped_without_points = stopped

    def spend(self, session: Session) -> None:
        """Takes the time of a session that has ended from what is left."""
        self.cpu_seconds += session.cpu_seconds
        left = self.limits.grading_cpu_seconds - session.cpu_seconds
        self.limits = replace(
            self.limits, grading_cpu_seconds=left, waiting_seconds=session.waiting_left
        )
        if left <= 0 and self.stopped is None:
            reason = "Not run, because the tests before it took too much CPU time together."
            self.stopped = Failure(verdict=Verdict.TIMEOUT, message=reason)


def _blame_loading(failure: Failure) -> str:
    """Says why loading the file failed, and what to do if it took too long."""
    message = f"While the file was loaded: {failure.message}"
    if failure.verdict is Verdict.TIMEOUT:
        message += (
            " Is there a loop that never ends, in the file or in its class? If the file has a "
            "demo or training, put it under `if __name__ == '__main__':`."
        )
    return message
