"""Equal numbers within a graph are found, also those that an engine has in between."""

from __future__ import annotations

import pytest

from worker.graph import parse
from worker.reference.engine import evaluate
from worker.suites.coincidences import find_coincidences


def coincidences(*lines: str) -> list[tuple[str, bool]]:
    """What is equal in a program, and whether another point wouldn't help."""
    graph = parse("\n".join(lines))
    return [(text, inherent) for text, inherent in find_coincidences(graph, evaluate(graph).data)]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("a = Value(3.0)", "b = Value(3.0)", "L = a * b"), "a and b are both 3"),
        (("a = Value(6.0)", "L = a / 3 + 4"), "a and L are both 6"),
        (("x = Value(2.0)", "L = x ** 2"), "x and the number 2 are both 2"),
        (("a = Value(2.5)", "b = Value(5.0)", "L = a - b"), ""),
        (("a = Value(-5.0)", "b = Value(5.0)", "L = a - b"), "a and the opposite in L are both -5"),
        (("x = Value(-1.0)", "L = -x"), "x and the number -1 are both -1"),
        (("x = Value(0.5)", "L = 2 / x"), "the number 2 and the reciprocal in L are both 2"),
        (("x = Value(0.0)", "L = x.sigmoid()"), "x and the opposite in L are both 0"),
        (("x = Value(0.3)", "y = Value(0.6)", "L = x.tanh() * y"), "y and the double in node 2"),
    ],
)
def test_equal_numbers_are_described(lines: tuple[str, ...], text: str) -> None:
    found = [one for one, _ in coincidences(*lines, "L.backward()")]
    assert any(text in one for one in found) if text else not found


def test_a_plain_number_may_come_twice() -> None:
    assert not coincidences("x = Value(3.5)", "L = 2 * x + 2", "L.backward()")


def test_relu_and_abs_equal_what_is_positive_at_any_point() -> None:
    program = "x = Value(1.5)", "y = Value(2.5)", "L = x.relu() + abs(y)", "L.backward()"
    assert [inherent for _, inherent in coincidences(*program)] == [True, True]


def test_a_sum_with_a_relu_that_is_switched_off_equals_the_rest() -> None:
    program = "x = Value(-1.5)", "y = Value(2.5)", "L = x.relu() + y", "L.backward()"
    assert coincidences(*program) == [("y and L are both 2.5", True)]


def test_numbers_of_different_outputs_may_be_equal() -> None:
    program = "x = Value(1.5)", "y = Value(1.5)", "L = x * 4", "M = y * 5"
    assert not coincidences(*program, "L.backward()", "M.backward()")
    assert coincidences(*program)  # without backward, all nodes belong together
