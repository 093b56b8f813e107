"""An explanation quotes the numbers of the graph that is drawn below it, with a few digits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.factories import make_case, make_counterexample, make_diagnosis
from worker.grading.diagnosis.statements import ALSO, quote_first
from worker.grading.illustrate import illustrate
from worker.report.model import Check, Counterexample, GraphNode, NodeNumbers, Quantity, Verdict
from worker.suites.catalogue import load

CASE = load("rules").cases[0]
NO_NUMBER = NodeNumbers(data=1.0, grad=None)
LONG = Check("x", Quantity.GRAD, 0.9151369618266292, 0.7086873875484091, 0.2, 0.0, False)
REPORT = make_case("tanh", Verdict.WRONG_GRADIENT, title="Tanh, at 0.3", checks=(LONG,))
QUOTED = quote_first([("rules", CASE, REPORT)])
DIAGNOSIS = make_diagnosis(explanation=f"A text.{QUOTED}{ALSO}\u201csomething\u201d.")


def node(
    name: str, operation: str, operands: tuple[str, ...], expected: float, actual: float | None
) -> GraphNode:
    """A node with its right gradient and the engine's own."""
    return GraphNode(
        name=name,
        operation=operation,
        operands=operands,
        expected=NodeNumbers(data=1.0, grad=expected),
        actual=NodeNumbers(data=1.0, grad=actual),
    )


def shared(sent: float, held: float | None) -> Counterexample:
    """A graph whose node w, of the slope 3 by x, is used twice: 9 is its right gradient."""
    nodes = (
        node("x", "leaf", (), 27.0, 3 * sent),
        node("w", "*", ("x", "3"), 9.0, held),
        node("L", "*", ("w", "w"), 1.0, 1.0),
    )
    found = make_counterexample(*nodes)
    check = Check("x", Quantity.GRAD, 27.0, 3 * sent, 1.0, 0.0, False)
    return replace(found, graph=replace(found.graph, shared="w"), checks=(check,))


def explained(found: Counterexample | None) -> str:
    return illustrate([DIAGNOSIS], found)[0].explanation


def test_without_a_counterexample_a_test_is_quoted_with_a_few_digits() -> None:
    assert QUOTED == " In the test \u201cTanh, at 0.3\u201d, x.grad is 0.708687, expected 0.915137."
    assert explained(None) == DIAGNOSIS.explanation
    assert illustrate([], make_counterexample()) == ()


def test_the_counterexample_is_quoted_in_place_of_a_test() -> None:
    text = "A text. In the small graph, x.grad is 1, expected 2."
    assert explained(make_counterexample()) == f"{text}{ALSO}\u201csomething\u201d."


def test_only_the_first_mistake_quotes_the_counterexample() -> None:
    first, second = illustrate([DIAGNOSIS, DIAGNOSIS], shared(3.0, 9.0))
    assert "In the small graph, x.grad is 9, expected 27." in first.explanation
    assert second == DIAGNOSIS


def test_a_mistake_without_numbers_quotes_none() -> None:
    plain = make_diagnosis()
    assert illustrate([plain], make_counterexample()) == (plain,)


def test_a_shared_node_says_what_it_passed_on_and_what_it_holds() -> None:
    said = "In the small graph, w passed on 3 in all, but at the end its gradient is 9."
    assert said in explained(shared(3.0, 9.0))
    thirds = "w passed on 0.333333 in all, but at the end its gradient is 9."
    assert thirds in explained(shared(1 / 3, 9.0))


@pytest.mark.parametrize(("sent", "held"), [(3.0, 3.0), (3.0, None)])
def test_a_shared_node_that_passed_on_what_it_holds_says_nothing_of_it(
    sent: float, held: float | None
) -> None:
    assert "In the small graph, x.grad is 9, expected 27." in explained(shared(sent, held))


def test_two_numbers_have_as_many_digits_as_they_need_to_differ() -> None:
    close = Check("x", Quantity.GRAD, 1.0, 1.00000001, 1e-8, 0.0, False)
    found = replace(make_counterexample(), checks=(close,))
    assert "x.grad is 1.00000001, expected 1." in explained(found)


def test_an_operand_without_a_gradient_does_not_show_what_was_passed_on() -> None:
    found = shared(3.0, 9.0)
    x, *others = found.graph.nodes
    found = replace(
        found, graph=replace(found.graph, nodes=(replace(x, actual=NO_NUMBER), *others))
    )
    assert "In the small graph, x.grad is 9, expected 27." in explained(found)


def test_a_counterexample_without_a_wrong_number_is_not_quoted() -> None:
    assert explained(replace(make_counterexample(), checks=())) == DIAGNOSIS.explanation
