"""A grading: a student's file over suites, in the sandbox, to a report. It knows no database."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worker.grading.judge import fail, judge, reconcile
from worker.grading.marking import Selection, find_traits, score
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
from worker.sandbox.host.outcome import Failure, Limits, Loaded
from worker.suites.cases import Case, Suite
from worker.suites.rules import spell_rule

Tell = Callable[[CaseReport], CaseReport]

MAX_RESTARTS = 3  # sessions opened anew, in a grading, after a case has ended the one before
SECOND_LAYOUT = 1  # of memory; sets of nodes then come in another order


def grade(
    source: str,
    selections: Sequence[Selection],
    sandbox: Sandbox,
    *,
    seed: int,
    limits: Limits | None = None,
    names: Names | None = None,
    on_case: Callable[[CaseReport], None] | None = None,
    on_progress: Callable[[], None] | None = None,
) -> Report:
    """Run a student's file on every case. `on_case` hears of each as it ends, and `on_progress`
    whenever a case has been run, a second time too.

    `names` are those that an assignment asks for. What the student's code does is in the report;
    an exception is a failure of ours.
    """
    started = time.monotonic()
    limits = limits or Limits()
    run = _Run(
        source=source,
        sandbox=sandbox,
        limits=limits,
        names=names,
        on_case=on_case,
        on_progress=on_progress,
        deadline=started + limits.grading_seconds,
    )
    judged = run.grade_all([item.suite for item in selections])
    suites = score(selections, judged, loaded=run.problem is None)
    return Report(
        score=sum(suite.score for suite in suites),
        max_score=sum(suite.max_score for suite in suites),
        suites=suites,
        problem=run.problem,
        interface=run.interface,
        stdout=run.stdout,
        stderr=run.stderr,
        provenance=Provenance(
            suite_versions={item.suite.name: item.suite.version for item in selections},
            seed=seed,
            engine_version=ENGINE_VERSION,
            python=run.python or platform.python_version(),
            sandbox_layers=tuple(sandbox.layer_names),
            seconds=time.monotonic() - started,
        ),
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """One grading on its way: what has been heard, and how often a session was lost."""

    source: str
    sandbox: Sandbox
    limits: Limits
    names: Names | None
    on_case: Callable[[CaseReport], None] | None
    on_progress: Callable[[], None] | None
    deadline: float  # on the monotonic clock; a worker is not one student's alone
    layout: int = 0
    python: str = ""
    interface: Interface | None = None
    problem: Problem | None = None
    stopped: Failure | None = None  # why nothing more is run
    fatal: list[tuple[Case, Failure]] = field(default_factory=list)  # rules' own that ended one
    lost: int = 0
    one_by_one: bool = False  # the cases, since it must be known whose output is whose
    doubted: set[str] = field(default_factory=set)  # in what the last outcome was doubtful
    stdout: str = ""
    stderr: str = ""
    printed_by_loading: tuple[str, str] = ("", "")

    def grade_all(self, suites: Sequence[Suite]) -> list[list[tuple[Case, CaseReport]]]:
        """Every case with its report, suite by suite, in one session as long as that lives."""
        cases = [case for suite in suites for case in suite.cases]
        reports = self._run_all(cases, self._tell)
        for case in cases[len(reports) :]:
            assert self.stopped is not None
            reports.append(self._tell(fail(case, self.stopped)))
        pairs = iter(zip(cases, reports, strict=True))
        judged = [[next(pairs) for _ in suite.cases] for suite in suites]
        return [
            self._run_again(pairs) if suite.twice else pairs
            for suite, pairs in zip(suites, judged, strict=True)
        ]

    def _run_again(self, judged: list[tuple[Case, CaseReport]]) -> list[tuple[Case, CaseReport]]:
        """The same cases once more in another layout of memory, and what both runs say.

        Where nothing more is run, the first run stands.
        """
        self.layout = SECOND_LAYOUT
        again = self._run_all([case for case, _ in judged], lambda report: report)
        self.layout = 0
        settled = [
            (case, once if self._find_fatal(case) else reconcile(once, other))
            for (case, once), other in zip(judged, again, strict=False)
        ]
        return settled + judged[len(settled) :]

    def _run_all(self, cases: Sequence[Case], tell: Tell) -> list[CaseReport]:
        """The reports of the cases, in as many sessions as it takes, up to where all is stopped."""
        done: list[CaseReport] = []
        while len(done) < len(cases) and self.stopped is None:
            done += self._run_session(cases[len(done) :], tell)
        return done

    def _run_session(self, cases: Sequence[Case], tell: Tell) -> list[CaseReport]:
        """The cases that one session gets through; the last of them may have ended it."""
        reports: list[CaseReport] = []
        session = self.sandbox.session(
            self.source, self.limits, names=self.names, layout=self.layout
        )
        with session:
            if self._load(session):
                answers = session.run_all(
                    (case.question for case in cases if not self._find_fatal(case)),
                    together=not self.one_by_one,
                )
                for case in cases:
                    if self._is_late():
                        break
                    outcome = self._find_fatal(case) or next(answers)
                    if self._doubt(outcome, "case"):
                        break  # the same case is the first of the next session
                    reports.append(tell(judge(case, outcome)))
                    if self.on_progress is not None:
                        self.on_progress()
                    if isinstance(outcome, Failure) and not session.alive:
                        self._count_lost(case, outcome)
                        break
            self._keep_output(session)
        return reports

    def _find_fatal(self, case: Case) -> Failure | None:
        """Why a case is not run: a rule that it needs has ended the program before, in a graph that
        asks for no more. Then it is that rule's fault, and the case is not judged."""
        # Asked of every case twice, and for nearly every engine there is none.
        for own, failure in self.fatal:
            rule = own.establishes
            if rule in case.needs and find_traits(own) <= find_traits(case):
                reason = f"Not run, because {spell_rule(rule)} ended the program before: "
                return Failure(verdict=failure.verdict, message=reason + failure.message)
        return None

    def _load(self, session: Session) -> bool:
        """Whether the file is loaded; where it is not, nothing more is run, unless in doubt."""
        outcome = session.load()
        if self._doubt(outcome, "loading"):
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
        if self.python:  # it has been loaded before, so some cases have been run
            reason = f"Not run, because the file could not be loaded again: {problem.message}"
            self.stopped = Failure(verdict=verdict, message=reason)
        else:
            self.problem = problem
            self.stopped = Failure(verdict=verdict, message=problem.message)
        return False

    def _keep_output(self, session: Session) -> None:
        """Append what a session printed; what loading prints is told once, not for each session."""
        first = not (self.stdout or self.stderr)
        said, shouted = ("", "") if first else self.printed_by_loading
        most = self.limits.kept_bytes
        self.stdout = (self.stdout + session.stdout.removeprefix(said))[:most]
        self.stderr = (self.stderr + session.stderr.removeprefix(shouted))[:most]

    def _doubt(self, outcome: object, what: str) -> bool:
        """Whether to try once more, since a busy machine or another case may have caused it. What
        was doubtful the last time, too, counts: of cases and of loading each for itself."""
        if isinstance(outcome, Failure) and outcome.shared:
            self.one_by_one = True
            return True
        is_doubtful = isinstance(outcome, Failure) and outcome.doubtful
        is_first = what not in self.doubted
        (self.doubted.add if is_doubtful else self.doubted.discard)(what)
        return is_doubtful and is_first

    def _is_late(self) -> bool:
        """Whether the whole grading has taken too long; nothing more is run then."""
        if time.monotonic() < self.deadline:
            return False
        most = f"{self.limits.grading_seconds:g} s"
        reason = f"Not run, because the cases before it took more than {most} together."
        self.stopped = Failure(verdict=Verdict.TIMEOUT, message=reason)
        return True

    def _count_lost(self, case: Case, failure: Failure) -> None:
        """Give up where the student's code has ended too many sessions."""
        if case.establishes is not None:
            self.fatal.append((case, failure))
        self.lost += 1
        if self.lost > MAX_RESTARTS:
            reason = f"Not run, because {self.lost} cases before it ended the program. The last: "
            self.stopped = Failure(verdict=failure.verdict, message=reason + failure.message)

    def _tell(self, report: CaseReport) -> CaseReport:
        if self.on_case is not None:
            self.on_case(report)
        return report


def _blame_loading(failure: Failure) -> str:
    """What stopped the file as it was loaded, and what to do where it took too long."""
    message = f"While the file was loaded: {failure.message}"
    if failure.verdict is Verdict.TIMEOUT:
        message += (
            " A loop that never ends, of the file or of its class? If it is a demo or training, "
            "keep it under `if __name__ == '__main__':`."
        )
    return message
