"""The node that the drawing of a test marks: only where a diagnosis says what to look for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.web.view.focus import Focus, find_focus
from tests.support.factories import make_counterexample, make_diagnosis, make_report
from worker.graph import Graph, parse
from worker.report.model import Check, Counterexample, Quantity, Report

DATA, GRAD = Quantity.DATA, Quantity.GRAD
ADDRESS = "rules/one"
SHARED = make_counterexample()
LOCAL = make_counterexample(graph=replace(SHARED.graph, first="x", shared=None))
UNSURE = make_counterexample(graph=replace(SHARED.graph, first=None, shared=None))
CHAIN = "x = Value(2)\nu = x * 3\nL = u.exp()\nL.backward()"
DIAMOND = "x = Value(2)\nu = x * 3\nv = x + u\nL = v * u\nL.backward()"
REUSE = "x = Value(2)\ny = Value(3)\nu = x * x\nL = u + y * y\nL.backward()"


def report_with(small: Counterexample | None, *, exact: bool = True, others: int = 0) -> Report:
    main = make_diagnosis(evidence=(ADDRESS,), exact=exact)
    return replace(make_report(), diagnoses=(main,) * (1 + others), counterexample=small)


def check(node: str, quantity: Quantity = GRAD, *, passed: bool = False) -> Check:
    return Check(node, quantity, 1.0, 1.0 if passed else 2.0, 0.0, 0.0, passed)


def mark(small: Counterexample, program: str, *checks: Check) -> Focus | None:
    return find_focus(report_with(small), ADDRESS, parse(program), checks)


def node(program: str, name: str) -> int:
    graph: Graph = parse(program)
    return graph.names[name]


def test_the_first_wrong_value_is_marked_before_any_gradient() -> None:
    found = mark(LOCAL, CHAIN, check("u", DATA), check("L", DATA), check("x"))
    assert found == Focus(node=node(CHAIN, "u"))


def test_a_wrong_gradient_is_marked_where_the_gradients_of_its_users_are_right() -> None:
    assert mark(LOCAL, CHAIN, check("u")) == Focus(node=node(CHAIN, "u"))  # L is the output
    assert mark(LOCAL, CHAIN, check("x"), check("u", passed=True)) == Focus(node=0)


def test_a_wrong_gradient_is_not_marked_where_nobody_read_those_of_its_users() -> None:
    assert mark(LOCAL, CHAIN, check("x")) is None


def test_a_shared_result_is_marked_before_a_shared_leaf() -> None:
    assert mark(SHARED, DIAMOND, check("x")) == Focus(node=node(DIAMOND, "u"), uses=2)


def test_of_several_shared_nodes_the_wrong_one_is_marked_or_none() -> None:
    assert mark(SHARED, REUSE, check("y"), check("x", passed=True)) == Focus(node=1, uses=2)
    assert mark(SHARED, REUSE, check("y"), check("x")) is None


@pytest.mark.parametrize(
    "report",
    [
        make_report(),
        report_with(None),
        report_with(UNSURE),
        replace(report_with(LOCAL), diagnoses=()),
    ],
)
def test_without_a_diagnosis_or_its_counterexample_nothing_is_marked(report: Report) -> None:
    assert find_focus(report, ADDRESS, parse(CHAIN), [check("u")]) is None


def test_a_right_test_has_no_mark() -> None:
    assert mark(LOCAL, CHAIN, check("u", passed=True)) is None


def test_another_failing_test_is_marked_only_if_the_diagnosis_explains_everything() -> None:
    for report, expected in (
        (report_with(LOCAL), True),
        (report_with(LOCAL, exact=False), False),
        (report_with(LOCAL, others=1), False),
    ):
        found = find_focus(report, "rules/other", parse(CHAIN), [check("u")])
        assert (found is not None) is expected
