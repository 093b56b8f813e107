"""A clock of the machine that jumps ends nothing and prolongs nothing: limits go by another one."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.worker.sandbox.programs import HONEST, grade
from worker.grading.grade import grade as grade_file
from worker.grading.marking import Selection
from worker.report.model import Verdict
from worker.sandbox import Failure, Limits, Sandbox
from worker.suites.catalogue import load

DAY = 86_400
WAITS = "import queue\nqueue.SimpleQueue().get()\n" + HONEST
SPINS = "sum(iter(int, 1))\n"

Jump = Callable[[], float]


def to_and_fro() -> Iterator[float]:
    """A day ahead, a day back, and so on, further each time."""
    real = time.time
    for step in itertools.count(1):
        yield real() + step * DAY * (-1) ** step


@pytest.fixture(params=["ahead", "back", "to and fro"])
def jumping(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's clock is set at each look of this thread; servers of other tests keep it."""
    steps, real, here = to_and_fro(), time.time, threading.get_ident()
    jumps: dict[str, Jump] = {
        "ahead": lambda: real() + 365 * DAY,
        "back": lambda: real() - 365 * DAY,
        "to and fro": lambda: next(steps),
    }

    def look() -> float:
        return jumps[request.param]() if threading.get_ident() == here else real()

    monkeypatch.setattr(time, "time", look)
    monkeypatch.setattr(time, "time_ns", lambda: int(look() * 1e9))


@pytest.mark.usefixtures("jumping")
def test_a_clock_that_jumps_costs_a_correct_program_nothing(sandbox: Sandbox) -> None:
    selection = Selection(suite=load("worked-example", 1), weight=1)
    report = grade_file(HONEST, [selection], sandbox, seed=1, limits=Limits())
    assert {case.verdict for case in report.suites[0].cases} == {Verdict.PASSED}
    assert 0 <= report.provenance.seconds < DAY


@pytest.mark.usefixtures("jumping")
@pytest.mark.parametrize(
    ("source", "limits", "least"),
    [
        (WAITS, Limits(waiting_seconds=0.3), 0.3),
        (SPINS, Limits(load_cpu_seconds=0.2), 0.2),
    ],
)
def test_a_clock_that_jumps_ends_a_program_neither_sooner_nor_later(
    sandbox: Sandbox, source: str, limits: Limits, least: float
) -> None:
    begun = time.monotonic()
    with sandbox.session(source, limits) as session:
        result = session.load()
    assert isinstance(result, Failure)
    assert result.verdict is Verdict.TIMEOUT
    assert least <= time.monotonic() - begun < DAY
    assert grade(sandbox, HONEST) == "passed"
