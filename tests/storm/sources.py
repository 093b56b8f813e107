"""Small engines that students of a storm submit, with the outcome that each must get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.report.tally import Tally
from worker.sandbox import Sandbox
from worker.suites import catalogue

SUITES = {"worked-example": 10.0}
ENGINE = """
class Value:
    def __init__(self, data, parents=(), rule=None):
        self.data, self.grad, self.parents, self.rule = data, 0.0, parents, rule

    def __add__(self, other):
        def rule(grad):
            self.grad += grad
            other.grad += {sum}
        return Value(self.data + other.data, (self, other), rule)

    def __mul__(self, other):
        def rule(grad):
            self.grad += grad * other.data
            other.grad += grad * {factor}
        return Value(self.data * other.data, (self, other), rule)

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            if node.rule:
                node.rule(node.grad)
"""
SOURCES = {
    "right": ENGINE.format(sum="grad", factor="self.data"),
    "wrong sum": ENGINE.format(sum="2 * grad", factor="self.data"),
    "wrong product": ENGINE.format(sum="grad", factor="other.data"),
    "no engine": "print('hello')\n",
    "syntax error": "class Value(:\n",
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a source must get: its score, the kind of its problem, and the tests that failed.

    Diagnoses are left out: a report has none if the sandbox was lost while they were looked for.
    """

    score: float
    problem: str | None
    failed: dict[str, Any]


def find_expected() -> dict[str, Expected]:
    """The outcome of every source, graded here without any service."""
    selections = [
        Selection(suite=catalogue.load(name, 1), weight=weight) for name, weight in SUITES.items()
    ]
    found = {}
    with Sandbox() as sandbox:
        for name, source in SOURCES.items():
            report = grade(source, selections, sandbox, seed=1)
            problem = None if report.problem is None else report.problem.kind.value
            found[name] = Expected(report.score, problem, Tally.of(report).to_json()["suites"])
    assert len({expected.score for expected in found.values()}) > 1
    return found
