"""Gradings of small suites, and an engine that fails on some numbers."""

from __future__ import annotations

from tests.students import engine
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import Report
from worker.sandbox import Limits, Sandbox
from worker.suites.cases import Suite
from worker.suites.format.reader import read_suite

RIGHT = engine("right/closures")
HASTY = Limits(load_cpu_seconds=1.0, case_cpu_seconds=0.3)
# Hangs on a number that is asked for with it, dies on another, and does right on all else.
TOUCHY = (
    RIGHT
    + """

import os

plain = Value.__init__

def touchy(self, data, _children=()):
    print("made", data)
    while data == 666:
        pass
    if data == 777:
        os._exit(0)
    plain(self, data, _children)

Value.__init__ = touchy
"""
)


def run(sandbox: Sandbox, source: str, *suites: Suite, limits: Limits = HASTY) -> Report:
    """A grading with 10 points for each suite."""
    selections = [Selection(suite=suite, weight=10) for suite in suites]
    return grade(source, selections, sandbox, seed=7, limits=limits)


def suite_of(*numbers: int) -> Suite:
    """A suite of one case for each number, which is its only leaf."""
    head = "# suite: touch\n# title: T\n# version: 3\n# about: A.\n# weight: 1\n"
    cases = [
        f"# case: c{index}\n# title: T\nx = Value({number})\nL = x + x\nL.backward()\n"
        for index, number in enumerate(numbers)
    ]
    return read_suite(head + "".join(cases), "touch.suite")


def verdicts(report: Report) -> list[str]:
    return [str(case.verdict) for suite in report.suites for case in suite.cases]
