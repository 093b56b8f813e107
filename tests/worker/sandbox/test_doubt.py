"""What a busy or full machine could have caused is tried once more before it counts."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.worker.sandbox.programs import HONEST
from worker.grading.grade import MAX_RESTARTS, grade
from worker.grading.marking import Selection
from worker.report.model import CaseReport, Report, Verdict
from worker.sandbox import Failure, Limits, Names, Sandbox, Session
from worker.sandbox.host.time_limit import Allowance
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite

PATIENT = Limits(case_cpu_seconds=60, session_cpu_seconds=60, case_wall_seconds=60)
SLEEPS = "import time\n" + HONEST.replace(
    "self.data = data", "self.data = data; data == 13 and time.sleep(1000)"
)


class Watched(Sandbox):
    """A sandbox that remembers its sessions, and whose first ones can be disturbed."""

    def __init__(self) -> None:
        super().__init__()
        self.sessions: list[Session] = []
        self.disturb_with: signal.Signals | None = None
        self.disturb_most = 0

    def session(
        self, source: str, limits: Limits, *, names: Names | None = None, layout: int = 0
    ) -> Session:
        session = super().session(source, limits, names=names, layout=layout)
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


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_program_that_was_interrupted_once_gets_all_its_points(
    watched: Watched, number: signal.Signals
) -> None:
    watched.disturb_with, watched.disturb_most = number, 1
    patience = 1 if number is signal.SIGSTOP else 60
    report = run(watched, HONEST, Limits(case_wall_seconds=patience), 1, 2)
    assert verdicts(report) == ["passed", "passed"]
    assert len(watched.sessions) == 2


def test_a_program_whose_every_session_is_killed_counts_as_out_of_memory(watched: Watched) -> None:
    watched.disturb_with, watched.disturb_most = signal.SIGKILL, 2
    report = run(watched, HONEST, PATIENT, 1)
    assert verdicts(report) == ["memory_limit"]
    assert report.problem is not None
    assert len(watched.sessions) == 2


@pytest.mark.parametrize("loading_is_stopped_too", [False, True])
def test_an_interrupted_case_is_run_again_and_reported_once(
    watched: Watched, loading_is_stopped_too: bool
) -> None:
    result: list[CaseReport] = []

    def hear(report: CaseReport) -> None:
        result.append(report)
        if len(result) == 1:
            os.kill(watched.sessions[0]._child.pid, signal.SIGSTOP)
            if loading_is_stopped_too:
                watched.disturb_with, watched.disturb_most = signal.SIGSTOP, 2

    naps = SLEEPS.replace("data == 13 and time.sleep(1000)", "data == 2 and time.sleep(0.5)")
    selections = [Selection(suite=suite_of(1, 2, 3), weight=1)]
    limits = Limits(case_wall_seconds=2)
    report = grade(naps, selections, watched, seed=1, limits=limits, on_case=hear)
    assert [case.id for case in result] == ["c0", "c1", "c2"]
    assert verdicts(report) == ["passed"] * 3
    assert len(watched.sessions) == 2 + loading_is_stopped_too


def test_a_program_that_sleeps_counts_after_the_second_try(watched: Watched) -> None:
    limits = Limits(case_wall_seconds=0.3)
    report = run(watched, SLEEPS, limits, *[13] * (MAX_RESTARTS + 1))
    assert verdicts(report) == ["timeout"] * (MAX_RESTARTS + 1)
    assert len(watched.sessions) == MAX_RESTARTS + 2  # one more, for the one doubt


def test_a_program_that_computes_too_long_counts_at_once(watched: Watched) -> None:
    limits = Limits(case_cpu_seconds=0.2, case_wall_seconds=60)
    report = run(watched, HONEST + "while True: pass", limits, 1)
    assert verdicts(report) == ["timeout"]
    assert len(watched.sessions) == 1


@pytest.mark.parametrize(("share", "doubtful"), [(0.0, True), (0.4, True), (0.6, False)])
def test_a_timeout_with_little_computing_is_doubtful(
    monkeypatch: pytest.MonkeyPatch, share: float, doubtful: bool
) -> None:
    clocks = {"wall": 0.0, "cpu": 5.0}
    monkeypatch.setattr(time, "monotonic", lambda: clocks["wall"])
    monkeypatch.setattr(time, "clock_gettime", lambda _: clocks["cpu"])
    allowance = Allowance(1, PATIENT)
    clocks |= {"wall": 61.0, "cpu": 5.0 + share * 60}
    exceeded = allowance.exceeded()
    assert isinstance(exceeded, Failure)
    assert exceeded.verdict is Verdict.TIMEOUT
    assert exceeded.doubtful is doubtful


def test_the_time_of_earlier_cases_does_not_count(watched: Watched) -> None:
    burn = "self.data = data\n        end = time.process_time() + 0.1\n"
    burn += "        while data > 20 and time.process_time() < end:\n            pass"
    source = "import time\n" + HONEST.replace("self.data = data", burn)
    limits = Limits(case_cpu_seconds=60, session_cpu_seconds=0.5, grading_seconds=60)
    selections = [Selection(suite=suite_of(*range(21, 31)), weight=10)]
    report = grade(source, selections, watched, seed=1, limits=limits)
    assert {case.verdict for case in report.suites[0].cases} == {Verdict.PASSED}
    assert len(watched.sessions) > 1
