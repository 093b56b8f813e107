"""At no case does a correct engine fail, or differ from the reference."""

from __future__ import annotations

import pytest

from worker.graph import parse
from worker.suites.validation import EDGE, consult, find_fault

NOISE = "x = Value(0.1)\nn = x * 3 - 0.3\nz = Value(0)\n"  # 5.6e-17, or 0, or less than 0


def find(line: str) -> str | None:
    return find_fault(consult(parse(f"{NOISE}{line}\nL = x * 2\nL.backward()")))


@pytest.mark.parametrize(
    "line",
    [
        "y = relu(z)",
        "y = relu(n)",
        "y = abs(n)",
        "y = log(n + n)",
        "y = n.sqrt()",
        "y = z / n",
        "y = z\ny /= n",
        "y = z ** 0",
        "y = n ** 1.5",
        "y = z ** 2.5",
        "y = n\ny **= x",
        "y = z ** x",
        "y = (-x) ** x",
        "y = (-2) ** z",
    ],
)
def test_a_case_is_rejected_if_any_node_is_at_a_kink_or_an_edge(line: str) -> None:
    assert find(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "y = relu(x - 0.3)",
        "y = abs(x - 0.3)",
        "y = n / x",
        "y = n ** 2 + z ** 1 + z ** 3.0",
        "y = x ** 0 + x ** 1.5 + x ** n",
        "y = tanh(n) + exp(z) * sin(n) - sigmoid(z)",
        "y = (-x) ** 3 + (-x) ** (-1)",
        "y = 2 ** n",
    ],
)
def test_small_numbers_are_allowed_where_the_function_is_smooth(line: str) -> None:
    assert find(line) is None


def test_a_disagreement_is_described() -> None:
    assert find("y = relu(n)") == EDGE
