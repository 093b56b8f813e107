"""What a busy or full machine could have caused is tried once more before it counts."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.worker.sandbox.programs import HONEST, USED
from worker.grading.budget import MOST_LOST
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import CaseReport, Report, Verdict
from worker.sandbox import Limits, Names, Sandbox, Session
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite

PATIENT = Limits(
    case_cpu_seconds=60, grading_cpu_seconds=600, failure_cpu_seconds=600, waiting_seconds=60
)
WAITS = "import queue\n" + HONEST.replace(
    "self.data = data", "self.data = data; data == 13 and queue.SimpleQueue().get()"
)
SPINS = HONEST.replace("self.data = data", "self.data = data\n        while data > 20: pass")


class Watched(Sandbox):
    """A sandbox that remembers its sessions, and whose first ones can be disturbed."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: list[Session] = []
        self.disturb_with: signal.Signals | None = None
        self.disturb_most = 0

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, reverse: bool = False
    ) -> Session:
        session = super().session(source, limits, names=names, reverse=reverse)
        if reverse:  # all cases once more, to compare
            return session
        self.sessions.append(session)
        if self.disturb_with and len(self.sessions) <= self.disturb_most:
            session.secure = lambda: self._disturb(session)  # type: ignore[method-assign]
        return session

    def _disturb(self, session: Session) -> dict[str, str]:
        layers = Session.secure(session)
        if self.disturb_with:
            os.kill(session._child.pid, self.disturb_with)
        return layers


@pytest.fixture
def watched() -> Iterator[Watched]:
    with Watched() as made:
        yield made


def suite_of(*numbers: int) -> Suite:
    """A suite of one case for each number, which is its only leaf."""
    head = "# suite: doubt\n# title: T\n# version: 1\n# about: A.\n# weight: 1\n"
    cases = [
        f"# case: c{index}\n# title: T\nx = Value({number})\nL = x + x\nL.backward()\n"
        for index, number in enumerate(numbers)
    ]
    return read_suite(head + "".join(cases), "doubt.suite")


def run(sandbox: Sandbox, source: str, limits: Limits, *numbers: int) -> Report:
    selections = [Selection(suite=suite_of(*numbers), weight=1)]
    return grade(source, selections, sandbox, seed=1, limits=limits)


def verdicts(report: Report) -> list[str]:
    return [str(case.verdict) for case in report.suites[0].cases]


def test_a_program_that_was_killed_once_gets_all_its_points(watched: Watched) -> None:
    watched.disturb_with, watched.disturb_most = signal.SIGKILL, 1
    report = run(watched, HONEST, PATIENT, 1, 2)
    assert verdicts(report) == ["passed", "passed"]
    assert len(watched.sessions) == 2


def test_a_program_whose_every_session_is_killed_counts_as_out_of_memory(watched: Watched) -> None:
    watched.disturb_with, watched.disturb_most = signal.SIGKILL, 2
    report = run(watched, HONEST, PATIENT, 1)
    assert verdicts(report) == ["memory_limit"]
    assert report.problem is not None
    assert len(watched.sessions) == 2


@pytest.mark.parametrize("loading_is_killed_too", [False, True])
def test_an_interrupted_case_is_run_again_and_reported_once(
    watched: Watched, loading_is_killed_too: bool
) -> None:
    result: list[CaseReport] = []

    def hear(report: CaseReport) -> None:
        result.append(report)
        if len(result) == 1:
            os.kill(watched.sessions[0]._child.pid, signal.SIGKILL)
            if loading_is_killed_too:
                watched.disturb_with, watched.disturb_most = signal.SIGKILL, 2

    # Its second case computes until the process gets the signal.
    naps = WAITS.replace("data == 13 and queue.SimpleQueue().get()", "data == 2 and nap()")
    naps += "\nnap = lambda: sum(range(10_000_000))\n"
    selections = [Selection(suite=suite_of(1, 2, 3), weight=1)]
    report = grade(naps, selections, watched, seed=1, limits=PATIENT, on_case=hear)
    assert [case.id for case in result] == ["c0", "c1", "c2"]
    assert verdicts(report) == ["passed"] * 3
    assert len(watched.sessions) == 2 + loading_is_killed_too


def test_a_program_that_waits_counts_at_once(watched: Watched) -> None:
    report = run(watched, WAITS, Limits(waiting_seconds=0.3), *[13] * (MOST_LOST + 1))
    assert verdicts(report) == ["timeout"] * (MOST_LOST + 1)
    assert report.suites[0].cases[-1].message.startswith("Not run, because 4 tests")
    assert len(watched.sessions) == MOST_LOST


def test_a_program_that_computes_too_long_counts_after_the_second_try(watched: Watched) -> None:
    report = run(watched, SPINS, Limits(case_cpu_seconds=0.1), 1, 21, 2)
    assert verdicts(report) == ["passed", "timeout", "passed"]
    assert len(watched.sessions) == 3


def test_a_file_that_loads_too_long_counts_after_the_second_try(watched: Watched) -> None:
    report = run(watched, HONEST + "sum(iter(int, 1))", Limits(load_cpu_seconds=0.1), 1)
    assert verdicts(report) == ["timeout"]
    assert len(watched.sessions) == 2


def test_a_grading_ends_after_a_few_tests_that_took_too_long(watched: Watched) -> None:
    spins = [*range(21, 21 + MOST_LOST)]
    report = run(watched, SPINS, Limits(case_cpu_seconds=0.1), 1, *spins, 2)
    assert verdicts(report) == ["passed", *["timeout"] * (len(spins) + 1)]
    assert report.suites[0].cases[-1].message.startswith("Not run, because 4 tests")
    assert len(watched.sessions) == 2 * len(spins)


def test_suites_without_points_end_with_the_first_test_that_takes_too_long(
    watched: Watched,
) -> None:
    selections = [
        Selection(suite=replace(suite_of(1, 21, 22, 2, 3), name="free"), weight=0),
        Selection(suite=suite_of(1, 2), weight=1),
    ]
    report = grade(SPINS, selections, watched, seed=1, limits=Limits(case_cpu_seconds=0.1))
    free, _ = report.suites
    assert verdicts(report) == ["passed", "timeout", "timeout", "timeout", "timeout"]
    assert free.cases[-1].message.startswith("Not run, because 1 test before it")
    assert report.score == 1
    assert len(watched.sessions) == 2


def test_all_sessions_share_their_cpu_time(watched: Watched) -> None:
    kept_back = 0.1 + 0.2  # for the other order: to load the file, and a case that never ends
    limits = Limits(case_cpu_seconds=0.2, grading_cpu_seconds=0.5 + kept_back)
    report = run(watched, SPINS, limits, 21, 22, 1)
    assert verdicts(report) == ["timeout"] * 3
    assert "took too much CPU time together" in report.suites[0].cases[-1].message


def test_no_test_is_blamed_for_the_time_of_those_before_it(watched: Watched) -> None:
    burns = "self.data = data\n        end = used() + 100_000\n"
    burns += "        while data > 20 and used() < end:\n            pass"
    source = USED + HONEST.replace("self.data = data", burns)
    kept_back = 0.1 + 60
    limits = Limits(case_cpu_seconds=60, grading_cpu_seconds=0.5 + kept_back)
    report = run(watched, source, limits, *range(21, 31))
    cases = report.suites[0].cases
    assert cases[0].verdict is Verdict.PASSED
    late = [case for case in cases if case.verdict is not Verdict.PASSED]
    assert late
    assert {case.message for case in late} == {
        "Not run, because the tests before it took too much CPU time together."
    }
