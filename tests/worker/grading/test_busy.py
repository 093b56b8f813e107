"""A busy machine changes no verdict: gradings when it is idle, and while every core is busy."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.students import engine
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.json import to_json
from worker.sandbox import Sandbox
from worker.suites.catalogue import load

RIGHT = engine("right/linked_history")  # without sets, whose order depends on addresses
# At most a minute, should nobody end it.
SPIN = "import resource; resource.setrlimit(resource.RLIMIT_CPU, (60, 60))\nwhile True: pass"

COUNTS = """
turns = 0
while True:
    turns += 1
    Value(turns) * Value(2) + Value(3)
print(turns, "turns")
"""
COUNTS_WITHOUT_CALLS = """
turns = 0
while True:
    turns += 1
    turns += 0
print(turns, "turns")
"""
SPINS_AT_THE_TOP = """
def spin():
    while True: pass

spin()
print("after it")
"""
SPINS_IN_BACKWARD = """
def backward(self):
    while True: pass

Value.backward = backward
"""
BLOCKS_IN_BACKWARD = """
import queue
Value.backward = lambda self: queue.SimpleQueue().get()
"""
SLEEPS = """
import time
right = Value.backward
Value.backward = lambda self: (time.sleep(0.6), right(self))
for _ in range(9): time.sleep(0.2)
"""
SEARCHED = """
class Scalar:
    def __init__(self, amount, parents=()):
        self.amount, self.slope, self.parents = amount, 0.0, parents

    def __add__(self, other):
        return Scalar(self.amount + other.amount, ((self, 1.0), (other, 1.0)))

    def __mul__(self, other):
        return Scalar(self.amount * other.amount, ((self, other.amount), (other, self.amount)))

    def spread(self, slope=1.0):
        self.slope += slope
        for parent, local in self.parents:
            parent.spread(slope * local)
        sum(abs(n) for n in range(3_000))
"""
FILES = {
    "right": (RIGHT, ("worked-example", "random", "gradient-check")),
    "a long demo": (RIGHT + COUNTS, ("worked-example",)),
    "a long demo without calls": (RIGHT + COUNTS_WITHOUT_CALLS, ("worked-example",)),
    "an endless loop in a demo": (RIGHT + SPINS_AT_THE_TOP, ("worked-example",)),
    "an endless loop in backward": (RIGHT + SPINS_IN_BACKWARD, ("worked-example",)),
    "a backward that is blocked": (RIGHT + BLOCKS_IN_BACKWARD, ("worked-example",)),
    "sleep": (RIGHT + SLEEPS, ("worked-example", "state")),
    "a slow search": (SEARCHED, ("worked-example",)),
    "every path": (engine("right/path_by_path"), ("robustness",)),
}


@contextmanager
def every_core_busy() -> Iterator[None]:
    """Keeps each core that this process may use busy."""
    command = [sys.executable, "-I", "-S", "-c", SPIN]
    spinning = [subprocess.Popen(command) for _ in os.sched_getaffinity(0)]
    try:
        yield
        assert all(process.poll() is None for process in spinning)
    finally:
        for process in spinning:
            process.kill()
            process.wait()


def report_on(sandbox: Sandbox, name: str) -> dict[str, Any]:
    """The report without what may differ: its provenance, CPU time and memory."""
    source, suites = FILES[name]
    selections = [Selection(suite=load(suite, 1), weight=10) for suite in suites]
    stored = to_json(grade(source, selections, sandbox, seed=1))
    del stored["provenance"]
    for suite in stored["suites"]:
        for case in suite["cases"]:
            if case["cost"] is not None:
                del case["cost"]["cpu_seconds"], case["cost"]["memory_bytes"]
    return stored


@pytest.fixture(scope="module")
def busy_reports(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """The reports of all files, made while every core is busy."""
    with every_core_busy():
        return {name: report_on(sandbox, name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_a_report_does_not_depend_on_how_busy_the_machine_is(
    sandbox: Sandbox, busy_reports: dict[str, dict[str, Any]], name: str
) -> None:
    assert report_on(sandbox, name) == busy_reports[name]


def test_the_files_are_those_that_the_limits_are_for(
    busy_reports: dict[str, dict[str, Any]],
) -> None:
    def verdicts(name: str) -> set[str]:
        cases = [case for suite in busy_reports[name]["suites"] for case in suite["cases"]]
        return {case["verdict"] for case in cases}

    assert verdicts("right") == {"passed"}
    for name in ("a long demo", "a long demo without calls"):
        assert verdicts(name) == {"passed"}
        assert busy_reports[name]["stdout"].endswith(" turns\n")
    assert busy_reports["an endless loop in a demo"]["stdout"] == "after it\n"
    assert verdicts("an endless loop in backward") == {"timeout"}
    assert verdicts("a backward that is blocked") == {"timeout"}
    assert verdicts("sleep") == {"passed", "timeout"}
    assert verdicts("every path") >= {"passed", "timeout"}
