"""Engines of + and * in unusual spellings are right in that, and the rest is unsupported."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.students import engine
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.model import CaseReport, ProblemKind, Verdict
from worker.sandbox import Sandbox
from worker.suites import catalogue

SELECTIONS = [
    Selection(suite=catalogue.load(name), weight=1)
    for name in ("rules", "pass", "values", "reuse", "functions")
]
HAS = {
    "label_demanded": {"+", "*"},
    "required_starting_gradient": {"+", "*"},
    "flag_for_leaves": {"+", "*"},
    "relative_import_in_constructor": {"+", "*"},
    "log_with_base": {"+", "*", "log"},
    "functions_in_inner_class": {"+", "*", "exp", "tanh"},
}
LACKING = ("-", "/", "**", "tanh", "exp", "log", "relu", "sigmoid", "sin", "cos", "sqrt", "abs")

OPERATIONS = """\
from functions import Function


class Add(Function):
    def forward(self, a, b):
        return a + b

    def slopes(self, a, b):
        return 1, 1


class Value:
    def __init__(self, data, parents=(), op=None):
        self.data, self.parents, self.op, self.grad = data, parents, op, 0

    def __add__(self, o):
        return Add()(self, o)

    def __mul__(self, o):
        return Add()(self, o)

    def backward(self, g=1):
        self.grad += g
"""
ROWS = """\
class Value:
    def __init__(self, rows, prev=()):
        self.data = [[x for x in row] for row in rows]
        self.grad = [[0 for x in row] for row in rows]
        self.prev = prev

    def __add__(self, o):
        return Value([[a + b for a, b in zip(p, q)] for p, q in zip(self.data, o.data)], (self, o))

    def __mul__(self, o):
        return Value([[a * b for a, b in zip(p, q)] for p, q in zip(self.data, o.data)], (self, o))

    def backward(self):
        self.grad = [[1 for _ in row] for row in self.data]
"""


def needs_more(case: CaseReport, has: set[str]) -> bool:
    """Whether a case needs another operation than these, or one with a plain number."""
    lines = [line for line in case.program.splitlines() if not line.startswith("assert")]
    program = "\n".join(lines)
    has_number = re.search(r"(?<![\w.(-])\d[\d.]* [+*]|[+*]=? -?\d", program) is not None
    return has_number or any(word in program for word in LACKING if word not in has)


def grade_cases(source: str, sandbox: Sandbox) -> Iterator[CaseReport]:
    report = grade(source, SELECTIONS, sandbox, seed=1)
    assert report.problem is None
    for suite in report.suites:
        yield from suite.cases


@pytest.mark.parametrize("name", HAS)
def test_a_partial_engine_is_right_in_what_it_has(sandbox: Sandbox, name: str) -> None:
    cases = list(grade_cases(engine(f"spellings/{name}"), sandbox))
    assert {case.verdict for case in cases} == {Verdict.PASSED, Verdict.UNSUPPORTED}
    for case in cases:
        if case.verdict is Verdict.UNSUPPORTED:
            assert needs_more(case, HAS[name]), case


def test_operations_with_a_missing_base_are_unsupported_and_name_the_file(
    sandbox: Sandbox,
) -> None:
    named = "functions.py wasn't handed in: 'Function' comes from it"
    cases = list(grade_cases(OPERATIONS, sandbox))
    assert any(named in case.message for case in cases)
    for case in cases:
        assert case.verdict in (Verdict.UNSUPPORTED, Verdict.PASSED)
        if case.verdict is Verdict.UNSUPPORTED and not needs_more(case, {"+", "*"}):
            assert named in case.message


def test_a_class_of_rows_is_one_problem_in_all_tests(sandbox: Sandbox) -> None:
    report = grade(ROWS, SELECTIONS, sandbox, seed=1)
    assert report.problem is not None
    assert report.problem.kind is ProblemKind.NO_LEAF
    cases = [case for suite in report.suites for case in suite.cases]
    assert {(case.verdict, case.message) for case in cases} == {
        (Verdict.ERROR, report.problem.message)
    }
