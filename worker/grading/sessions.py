"""Runs cases in as many sessions as needed, in one order of sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from worker.grading.budget import Budget
from worker.grading.causes import find_traits
from worker.grading.growth import Growth
from worker.grading.phases import Phases
from worker.graph import Question
from worker.report.model import Interface, Problem, ProblemKind, Verdict
from worker.report.names import Names
from worker.sandbox import Sandbox, Session
from worker.sandbox.host.outcome import USED_UP, Failure, Loaded, Observation, is_large
from worker.suites.cases import Case
from worker.suites.rules import spell_rule

MOST_BEFORE_REPEAT = 2  # times what a repeat may take; loading and cases without points are in it


@dataclass(slots=True, kw_only=True)
class Run:
    """The state of a grading while it runs its cases in one order of sets."""

    source: str
    sandbox: Sandbox
    names: Names | None
    on_progress: Callable[[], None] | None
    phases: Phases
    budget: Budget
    reverse: bool = False  # sets have the reverse of their usual order
    python: str = ""
    interface: Interface | None = None
    problem: Problem | None = None
    fatal: list[tuple[Case, Failure]] = field(default_factory=list)  # rule tests that ended one
    growth: Growth = field(default_factory=Growth)
    one_by_one: bool = False  # send single cases, to know which of them printed too much
    doubted: set[bool] = field(default_factory=set)  # the last was doubtful; True for loading
    may_vary: bool = False  # whether the order of sets, or chance, may have mattered so far
    # What differed when the cases of one whole session were run again in it with reversed sets, by
    # position. None if that wasn't done, or doesn't tell everything.
    repeated: dict[int, Observation] | None = None
    stdout: str = ""
    stderr: str = ""
    printed_by_loading: tuple[str, str] = ("", "")

    def run_all(self, cases: Sequence[Case]) -> Iterator[Observation | Failure]:
        """Yields the outcome of each case, in order. Once the budget stops, the others fail."""
        done = 0
        while done < len(cases) and self.budget.stopped is None:
            for outcome in self._run_session(cases[done:], may_repeat=done == 0):
                yield outcome
                done += 1
        for _ in cases[done:]:
            assert self.budget.stopped is not None
            yield self.budget.stopped

    def _run_session(
        self, cases: Sequence[Case], *, may_repeat: bool
    ) -> Iterator[Observation | Failure]:
        """Runs cases in one session, until the last case or until one ends the session.

        If it runs all and an order may have mattered, they `may_repeat` in the same session.
        """
        asked: dict[int, int] = {}
        self.phases.enter("load")
        session = self.sandbox.session(
            self.source, self.budget.limits, names=self.names, reverse=self.reverse
        )
        with session:
            if self._load(session):
                may_repeat &= not self.may_vary  # what loading depends on can't be repeated
                yield from self._ask(session, cases, asked)
            if not self.reverse:
                self._keep_output(session)
            self.phases.enter("run")  # until the child has ended
            if may_repeat and session.alive and self.may_vary and not self.reverse:
                self._repeat(session, cases, asked)
        self.phases.enter("judge")
        self.budget.spend(session.cpu_seconds)

    def _repeat(self, session: Session, cases: Sequence[Case], asked: Mapping[int, int]) -> None:
        """Runs the cases with points again in a session that has run all, with reversed sets.

        `asked` has the position of each case by the number of its question. What took so long that
        it would hardly end in time isn't tried, so that a second session has the time.
        """
        if session.cpu_seconds > MOST_BEFORE_REPEAT * self.budget.limits.repeat_cpu_seconds:
            return
        counts = {
            number: len(cases[position].question.reads)
            for number, position in asked.items()
            if self.budget.gives_points(cases[position])
        }
        differing = session.repeat(counts)
        if differing is not None:
            self.repeated = {asked[number]: outcome for number, outcome in differing.items()}

    def _ask(
        self, session: Session, cases: Sequence[Case], asked: dict[int, int]
    ) -> Iterator[Observation | Failure]:
        """Yields the outcomes of cases, and notes each one's position by its question's number."""
        answers = session.run_all(
            (self._question_of(case) for case in cases if not self._why_not_run(case)),
            together=not self.one_by_one,
        )
        for position, case in enumerate(cases):
            skipped = self._why_not_run(case)
            self.phases.enter("run")
            outcome = skipped or next(answers)
            if skipped is None:
                asked[session.asked] = position
            self.phases.enter("judge")
            has_ended = isinstance(outcome, Failure) and not session.alive
            if has_ended:
                self.budget.charge_end(case)
            if self._is_in_doubt(outcome, case):
                return  # the next session begins with the same case
            if skipped is None:
                self.growth.note(case, outcome)
                self.may_vary |= outcome.may_vary
            yield outcome
            if self.on_progress is not None:
                self.on_progress()
            if isinstance(outcome, Failure) and has_ended:
                if case.establishes is not None:
                    self.fatal.append((case, outcome))
                self.budget.count_lost(case, outcome)
                return

    def _question_of(self, case: Case) -> Question:
        """Returns a case's question. Calls of a large graph are counted only if that says more.

        Counting takes two thirds of the CPU time of a large graph.
        """
        if not is_large(case.graph):  # the count limits small ones
            return case.question
        is_known = self.reverse or self.growth.is_proportional(case)
        return case.question.uncounted if is_known else case.question

    def _why_not_run(self, case: Case) -> Failure | None:
        """Returns why a case isn't run; None for a case that is run.

        A case isn't run if a simpler case, which tests a rule that this one tests or needs,
        ended the program before, or if the budget has no room for it.
        """
        if refused := self.budget.why_not_run(case):
            return refused
        for own, failure in self.fatal:
            rule = own.establishes or ""
            is_simpler = find_traits(own) <= find_traits(case)
            if is_simpler and (rule in case.needs or rule == case.establishes):
                reason = f"Not run, because {spell_rule(rule)} ended the program before: "
                return Failure(verdict=failure.verdict, message=reason + failure.message)
        return self.growth.foresee(case)

    def _load(self, session: Session) -> bool:
        """Loads the file and returns whether it worked.

        If it didn't, the budget is stopped, unless loading is worth a second try.
        """
        outcome = session.load()
        self.budget.charge_load(session.cpu_seconds, outcome)
        is_late = isinstance(outcome, Failure) and outcome.message == USED_UP
        if self._is_in_doubt(outcome) or (is_late and self.python):
            return False
        if isinstance(outcome, Loaded):
            self.python, self.interface = outcome.python, outcome.interface
            self.may_vary |= outcome.may_vary
            self.printed_by_loading = (session.stdout, session.stderr)
            return True
        if isinstance(outcome, Problem):
            is_missing = outcome.kind is ProblemKind.MISSING_MODULE
            problem, verdict = outcome, Verdict.UNSUPPORTED if is_missing else Verdict.ERROR
        else:
            problem = Problem(kind=ProblemKind.STOPPED, message=_blame_loading(outcome))
            verdict = outcome.verdict
        reason = problem.message
        if self.python:  # the file was loaded before, so some cases have been run
            reason = f"Not run, because the file could not be loaded again: {reason}"
            self.budget.cannot_load = True
        else:
            self.problem = problem
        self.budget.stopped = Failure(verdict=verdict, message=reason)
        return False

    def _keep_output(self, session: Session) -> None:
        """Appends what a session printed. Output of loading is kept from the first session only."""
        first = not (self.stdout or self.stderr)
        said, shouted = ("", "") if first else self.printed_by_loading
        most = self.budget.limits.kept_bytes
        self.stdout = (self.stdout + session.stdout.removeprefix(said))[:most]
        self.stderr = (self.stderr + session.stderr.removeprefix(shouted))[:most]

    def _is_in_doubt(self, outcome: object, case: Case | None = None) -> bool:
        """Whether to try again, because the machine or another case may have caused a failure.

        A failure that is doubtful twice in a row counts. Without a case, loading the file failed.
        It has its own count. A case without points that takes too long isn't tried again, and
        nothing is that the budget has no room for.
        """
        if not isinstance(outcome, Failure):
            self.doubted.discard(case is None)
            return False
        is_doubtful = outcome.doubtful
        if case is None:
            may_try = self.budget.allows_second_load
        else:
            may_try = outcome.message == USED_UP or self.budget.allows_second_try(case)
            is_slow = outcome.verdict is Verdict.TIMEOUT
            is_doubtful &= self.budget.gives_points(case) or not is_slow
        if outcome.shared and may_try:
            self.one_by_one = True
            return True
        in_doubt = is_doubtful and may_try and (case is None) not in self.doubted
        (self.doubted.add if in_doubt else self.doubted.discard)(case is None)
        return in_doubt


def _blame_loading(failure: Failure) -> str:
    """Says why loading the file failed, and what to do if it took too long."""
    message = f"While the file was loaded: {failure.message}"
    if failure.verdict is Verdict.TIMEOUT:
        message += (
            " Is there a loop that never ends, in the file or in its class? If the file has a "
            "demo or training, put it under `if __name__ == '__main__':`."
        )
    return message
