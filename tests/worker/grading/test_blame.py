"""The node of a small graph where an engine's numbers begin to be wrong, and the shared node."""

from __future__ import annotations

import pytest

from tests.support.factories import make_counterexample, make_diagnosis
from worker.grading.blame import find_first_wrong, find_shared, is_about_uses
from worker.grading.diagnosis.catalogue import BY_KEY
from worker.grading.diagnosis.predictions import predict
from worker.grading.diagnosis.questions import probes
from worker.grading.diagnosis.simulate import usual_models
from worker.report.model import GraphNode, NodeNumbers
from worker.suites.rules import REUSE, SHARED, find_rules


def node(
    name: str,
    operation: str,
    operands: tuple[str, ...] = (),
    *,
    data: tuple[float, float | None] = (3.0, 3.0),
    grad: tuple[float, float | None] = (1.0, 1.0),
) -> GraphNode:
    """A node with pairs of the right number and the engine's own."""
    return GraphNode(
        name=name,
        operation=operation,
        operands=operands,
        expected=NodeNumbers(data=data[0], grad=grad[0]),
        actual=NodeNumbers(data=data[1], grad=grad[1]),
    )


def test_the_first_wrong_value_comes_before_any_gradient() -> None:
    x = node("x", "leaf", grad=(1.0, 5.0))
    u = node("u", "neg", ("x",), data=(-3.0, 3.0))
    assert find_first_wrong([x, u, node("L", "+", ("u", "1"), data=(-2.0, 4.0))]) == "u"


def test_the_wrong_gradient_whose_users_are_right_is_the_first_one() -> None:
    x, u = node("x", "leaf", grad=(1.0, 2.0)), node("u", "exp", ("x",), grad=(1.0, 2.0))
    assert find_first_wrong([x, u, node("L", "tanh", ("u",))]) == "u"


def test_no_gradient_is_the_first_where_an_engine_keeps_none_of_results() -> None:
    x, u = node("x", "leaf", grad=(1.0, 2.0)), node("u", "exp", ("x",), grad=(1.0, 0.0))
    assert find_first_wrong([x, u, node("L", "tanh", ("u",))]) is None


def test_right_numbers_and_replaced_nodes_are_not_the_first_wrong_ones() -> None:
    replaced = node("x before", "leaf", data=(3.0, None), grad=(1.0, None))
    assert find_first_wrong([replaced, node("x", "+=", ("x before", "1"))]) is None


def test_a_gradient_that_is_missing_is_wrong() -> None:
    assert find_first_wrong([node("x", "leaf", grad=(1.0, None)), node("L", "exp", ("x",))]) == "x"


def test_a_shared_result_comes_before_a_shared_leaf() -> None:
    nodes = [node("x", "leaf"), node("u", "*", ("x", "x")), node("L", "+", ("u", "u"))]
    assert find_shared(nodes) == "u"
    assert find_shared(make_counterexample().graph.nodes) == "x"
    assert find_shared([node("x", "leaf"), node("L", "exp", ("x",))]) is None


@pytest.mark.parametrize("key", ["odd-update", "optimizer-inside", "whole-numbers"])
def test_a_mistake_that_shows_where_each_node_has_one_use_is_not_about_uses(key: str) -> None:
    entry, usual = BY_KEY[key], usual_models()[0]
    changed = [change.apply(usual) for change in (*entry.everywhere, *entry.in_form("*VV"))]
    once = [probe for probe in probes() if not find_rules(probe.graph) & {REUSE, SHARED}]
    assert any(
        predict(model, probe) != predict(usual, probe)
        for model in changed
        if model is not None
        for probe in once
    )
    assert not is_about_uses(make_diagnosis(misconception=key))


@pytest.mark.parametrize("key", ["assigns", "every-path", "keyed"])
def test_a_mistake_that_shows_only_where_a_node_has_several_uses_is_about_uses(key: str) -> None:
    assert is_about_uses(make_diagnosis(misconception=key))
