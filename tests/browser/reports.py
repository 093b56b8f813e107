"""Reports as a grading writes them, about engines with several mistakes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from tests.support.factories import make_report, make_suite
from worker.report.model import (
    CaseReport,
    Check,
    Cost,
    Interface,
    LedgerLine,
    Problem,
    ProblemKind,
    Quantity,
    Report,
    SuiteReport,
    Verdict,
)

WORKED_EXAMPLE = """\
x1 = Value(3.0)
x2 = Value(4.0)
x3 = x1 * x2
x4 = Value(5.0)
x5 = x3 + x4
x6 = Value(2.0)
L = x5 * x6
L.backward()
"""
DATA = {"x1": 3, "x2": 4, "x3": 12, "x4": 5, "x5": 17, "x6": 2, "L": 34}
GRAD = {"x1": 8, "x2": 6, "x3": 2, "x4": 2, "x5": 2, "x6": 17, "L": 1}
REUSE = "x = Value(3.0)\ny = x * x + x\ny.backward()\n"
TANH = "x = Value(0.7)\ny = (x * 2.0).tanh()\ny.backward()\n"
FORWARD = "x = Value(2.0)\ny = 1.0 - x\ny.backward()\n"


def check(
    node: str, quantity: Quantity, expected: float, actual: float | None, tolerance: float = 1e-13
) -> Check:
    """A comparison as the judge would make it."""
    error = None if actual is None else abs(actual - expected)
    passed = error is not None and error <= tolerance
    return Check(
        node=node,
        quantity=quantity,
        expected=expected,
        actual=actual,
        error=error,
        tolerance=tolerance,
        passed=passed,
    )


def case(name: str, title: str, checks: Sequence[Check], program: str) -> CaseReport:
    """A case that passes."""
    return CaseReport(
        id=name,
        title=title,
        graph=name,
        graph_title=title,
        topic=title,
        verdict=Verdict.PASSED,
        message="",
        program=program,
        checks=tuple(checks),
    )


def failing(passing: CaseReport, verdict: Verdict, message: str, *checks: Check) -> CaseReport:
    """The same case with another outcome."""
    return replace(passing, verdict=verdict, message=message, checks=checks)


def perfect_report() -> Report:
    """Everything passes."""
    both = [
        check(node, quantity, numbers[node], numbers[node])
        for node in DATA
        for quantity, numbers in ((Quantity.DATA, DATA), (Quantity.GRAD, GRAD))
    ]
    rules = (
        case("sum", "A sum passes its gradient on", _small("a", 1.0), "c = a + b\n"),
        case("product", "A product crosses over", _small("b", 2.0), "c = a * b\n"),
        case("reuse", "A value that is used twice", _small("x", 7.0), REUSE),
        case("tanh", "tanh behind a constant factor", _small("x", 0.4328), TANH),
        case("reflected", "A number on the left of a minus", _small("x", -1.0), FORWARD),
        case(
            "deep", "A chain of 5,000 sums", _small("x", 1.0), "for _ in range(5000): y = y + x\n"
        ),
    )
    return make_report(
        make_suite("worked-example", *_worked_cases(both), title="The worked example", points=20.0),
        make_suite("rules", *rules, title="The table of rules"),
    )


def faulty_report(*, stdout: str = "", message: str = "") -> Report:
    """Half of the rules fail, each in a different way."""
    worked, rules = perfect_report().suites
    sums, product, reuse, tanh, reflected, deep = rules.cases
    shown = message or "Value.__rsub__ raised RecursionError: maximum recursion depth exceeded"
    cases = (
        sums,
        product,
        failing(
            reuse,
            Verdict.WRONG_GRADIENT,
            "The gradient of x is 3 where 7 is right. Values agree: look at backward().",
            check("x", Quantity.DATA, 3.0, 3.0),
            check("y", Quantity.DATA, 12.0, 12.0),
            check("x", Quantity.GRAD, 7.0, 3.0),
            check("y", Quantity.GRAD, 1.0, 1.0),
        ),
        failing(
            tanh,
            Verdict.WRONG_VALUE,
            "The value of y is nan where 0.8853516482022625 is right.",
            check("x", Quantity.DATA, 0.7, 0.7),
            check("y", Quantity.DATA, 0.8853516482022625, math.nan, 2.4e-16),
            check("x", Quantity.GRAD, 0.43230491826063395, None, 5.1e-16),
        ),
        failing(reflected, Verdict.ERROR, shown),
        failing(deep, Verdict.UNSUPPORTED, "Value has no `__radd__`, which this graph needs."),
    )
    second = make_suite("rules", *cases, title=rules.title)
    return make_report(worked, second, stdout=stdout)


def broken_report() -> Report:
    """Multiplication is wrong, tanh is missing, and two suites give no points."""
    sums, product, reuse, tanh, *_ = perfect_report().suites[1].cases
    wrong = check("a", Quantity.GRAD, 3.0, 1.0)
    blocked = failing(reuse, Verdict.WRONG_GRADIENT, "Fails because of multiplication: no", wrong)
    blocked = replace(blocked, title="Neuron", blocked_by=("multiplication",), counts=False)
    rules = (
        sums,
        replace(
            failing(product, Verdict.WRONG_GRADIENT, "a.grad is 1, expected 3.", wrong),
            rule="multiplication",
        ),
        blocked,
        replace(failing(tanh, Verdict.UNSUPPORTED, "Value has no tanh()."), rule="tanh"),
        replace(sums, id="lucky", title="A product with 0", counts=False),
    )
    return make_report(
        replace(make_suite("rules", *rules, title="The table of rules"), score=80 / 3),
        make_suite("networks", blocked, title="Networks", points=20.0),
        *told_suites(),
        interface=Interface(
            class_name="Scalar",
            data="value",
            grad="gradient",
            backward="backprop()",
            notes=("Line 40 was left out: it plots.",),
        ),
    )


def scored_report() -> Report:
    """The same engine, graded with a ledger."""
    older = broken_report()
    suites = tuple(
        replace(
            suite,
            cases=tuple(replace(case, counts=True) for case in suite.cases),
        )
        for suite in older.suites
    )
    lines = [
        LedgerLine(suite="rules", cause="multiplication", tests=2, points=34.0),
        LedgerLine(suite="rules", cause="tanh", tests=1, points=19.33),
        LedgerLine(suite="networks", cause="multiplication", tests=1, points=20.0),
    ]
    return replace(older, suites=suites, ledger=tuple(lines))


def told_suites() -> tuple[SuiteReport, SuiteReport]:
    """How cost grows, what fails at the limits, and a convention."""
    right = perfect_report().suites[1].cases[0]
    chain = [
        replace(
            right,
            id=f"chain@{place}",
            title=f"A chain of n sums, at n = {size}",
            graph="chain",
            graph_title="A chain of n sums",
            point={"n": size},
            size=size,
            cost=Cost(
                cpu_seconds=size / 5e4,
                memory_bytes=(19 + place) * 2**20,
                calls=5 * size,
                nodes=size,
            ),
        )
        for place, size in enumerate((100, 400), 1)
    ]
    deep = replace(
        chain[0],
        id="chain@3",
        title="A chain of n sums, at n = 1600",
        point={"n": 1600},
        size=1600,
        cost=None,
    )
    deep = failing(deep, Verdict.ERROR, "RecursionError")
    far = failing(replace(right, id="far", title="Tanh far out"), Verdict.ERROR, "OverflowError")
    relu = replace(right, id="relu", title="The slope of relu at 0", message="It is taken to be 0.")
    return (
        make_suite("robustness", *chain, deep, far, right, title="Depth and size", points=0.0),
        make_suite("conventions", relu, title="Conventions", points=0.0),
    )


def unreadable_report() -> Report:
    """A file with a syntax error."""
    stopped = [
        replace(
            suite,
            score=0.0,
            cases=tuple(
                failing(each, Verdict.ERROR, "The file could not be loaded.")
                for each in suite.cases
            ),
        )
        for suite in perfect_report().suites
    ]
    problem = Problem(
        kind=ProblemKind.SYNTAX_ERROR,
        message="'(' was never closed",
        line=7,
        column=20,
        source_line="        out = Value(self.data + other.data, (self, other)\n",
    )
    return make_report(*stopped, problem=problem)


def _worked_cases(checks: Sequence[Check]) -> tuple[CaseReport, ...]:
    leaves = [each for each in checks if each.node in {"x1", "x2", "x4", "x6"}]
    inner = [each for each in checks if each.node in {"x3", "x5", "L"}]
    return (
        case("leaves", "The worked example, leaves", leaves, WORKED_EXAMPLE),
        case("inner", "The worked example, inner nodes", inner, WORKED_EXAMPLE),
    )


def _small(node: str, gradient: float) -> list[Check]:
    return [
        check(node, Quantity.DATA, 2.0, 2.0),
        check(node, Quantity.GRAD, gradient, gradient + 1e-15, 4.4e-15),
    ]
