"""Which cases are run doesn't depend on how long the machine takes to load a file."""

from __future__ import annotations

from typing import Any

import pytest

from tests.students import engine
from tests.worker.grading.slow import Slow
from tests.worker.grading.test_busy import COUNTS, SEARCHED, SPINS_AT_THE_TOP
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.json import to_json
from worker.report.model import Report, Verdict
from worker.sandbox import Limits, Sandbox
from worker.suites.catalogue import load

RIGHT = engine("right/closures")
SUITES = ("power", "operators", "random")
ALL = "__add__ __radd__ __mul__ __rmul__ __sub__ __truediv__ __pow__ __neg__ tanh exp log relu"


def looping(names: str) -> str:
    """Code that makes operations loop without end."""
    spin = "\ndef spin(self, *_):\n    while True: pass\n"
    return f"{spin}for name in '{names}'.split(): setattr(Value, name, spin)\n"


FILES = {
    "a demo, and an operation that loops": RIGHT + COUNTS + looping("__pow__"),
    "a demo, and operations that loop": RIGHT + COUNTS + looping(ALL),
    "a demo that CPU time stops, and an operation that loops": RIGHT
    + SPINS_AT_THE_TOP
    + looping("__pow__"),
    "a long search, and an operation that loops": SEARCHED.replace(
        "self.slope += slope", "self.slope += slope; [(n, abs(n)) for n in range(2_000)]"
    )
    + looping("__mul__").replace("Value", "Scalar"),
}
# A demo that takes its own CPU time, and a claim about how much work it was.
FORGES = """
import sys
frame = sys._getframe()
while "Guard" not in frame.f_globals:
    frame = frame.f_back
guard = frame.f_globals["Guard"]
try:
    while True: sum(range(100_000))
except BaseException: pass
guard.done += {}
"""


def run(sandbox: Sandbox, source: str) -> Report:
    selections = [Selection(suite=load(name, 1), weight=10) for name in SUITES]
    return grade(source, selections, sandbox, seed=1)


def report_on(sandbox: Sandbox, source: str) -> dict[str, Any]:
    """The report without what was measured."""
    stored = to_json(run(sandbox, source))
    del stored["provenance"]
    for suite in stored["suites"]:
        for case in suite["cases"]:
            case["cost"] = None
    return stored


@pytest.mark.parametrize("name", FILES)
def test_a_report_is_the_same_where_loading_takes_three_times_as_long(
    sandbox: Sandbox, name: str
) -> None:
    with Slow() as slow:
        assert report_on(slow, FILES[name]) == report_on(sandbox, FILES[name])


@pytest.mark.parametrize("claim", [-1_200_000, -700_000, 5_000_000])
def test_a_program_that_forges_its_work_takes_no_more_than_a_grading_may(
    sandbox: Sandbox, claim: int
) -> None:
    report = run(sandbox, RIGHT + FORGES.format(claim) + looping(ALL))
    assert report.problem is None
    assert {case.verdict for suite in report.suites for case in suite.cases} == {Verdict.TIMEOUT}
    assert report.provenance.cpu_seconds is not None
    assert report.provenance.cpu_seconds < Limits().grading_cpu_seconds


def test_a_program_that_forges_impossible_work_has_no_answer(sandbox: Sandbox) -> None:
    report = run(sandbox, RIGHT + FORGES.format(-(10**9)))
    assert {case.verdict for suite in report.suites for case in suite.cases} == {
        Verdict.INVALID_OUTPUT
    }
