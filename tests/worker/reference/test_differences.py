"""Central differences find derivatives by themselves, and say where there is none."""

from __future__ import annotations

import math

import pytest

from worker.graph import parse
from worker.reference.differences import estimate_gradients


@pytest.mark.parametrize(
    ("program", "gradients"),
    [
        ("x = Value(0.7)\nL = tanh(x)", [1 - math.tanh(0.7) ** 2]),
        ("x = Value(2)\nL = x ** 3", [12]),
        ("x = Value(1e6)\nL = x * x", [2e6]),
        ("x = Value(0)\nL = exp(3 * x)", [3]),
        ("x = Value(0.001)\nL = sqrt(x)", [0.5 / math.sqrt(0.001)]),
        ("x = Value(0.01)\nL = relu(x) + abs(-x)", [2]),
        ("x = Value(2)\ny = Value(-4)\nL = x\nL -= y / x", [1 - 4 / 4, -0.5]),
        (
            "x = Value(2)\ny = Value(3)\nL = sin(x) - cos(x) + 0 * sigmoid(y)",
            [0.4931505902785393, 0],
        ),
    ],
)
def test_the_derivative_by_every_leaf_is_found(program: str, gradients: list[float]) -> None:
    estimates = estimate_gradients(parse(program + "\nL.backward()"))
    found = [estimate.derivative for estimate in estimates.values()]
    assert found == pytest.approx(gradients, rel=1e-9, abs=1e-10)
    assert all(
        estimate.error < 1e-6 * max(1, abs(estimate.derivative)) for estimate in estimates.values()
    )


def test_several_outputs_add_up() -> None:
    graph = parse("x = Value(3)\ny = x * 2\nz = y * x\ny.backward()\nz.backward()")
    assert estimate_gradients(graph)[0].derivative == pytest.approx(14)


def test_a_narrow_peak_between_wide_steps_is_not_taken_for_a_flat_function() -> None:
    peak = (
        "x = Value(0.8)\ny = x - 0.8\nL = 5 + 0.1 * tanh(900 * y + 1) - 0.1 * tanh(900 * y - 0.5)"
    )
    estimate = estimate_gradients(parse(peak + "\nL.backward()"))[0]
    slope = 90 * (math.tanh(0.5) ** 2 - math.tanh(1) ** 2)
    assert estimate.derivative == pytest.approx(slope, rel=1e-9)


@pytest.mark.parametrize(
    "program",
    [
        "x = Value(0)\nL = relu(x)",
        "x = Value(0)\nL = abs(x)",
        "x = Value(1e-9)\nL = relu(x)",
        "x = Value(3)\nL = relu(x - 3)",
        "x = Value(-1)\nL = log(x)",
        "x = Value(0)\nL = sqrt(x)",
    ],
)
def test_a_kink_and_an_edge_of_the_domain_have_no_derivative(program: str) -> None:
    estimate = estimate_gradients(parse(program + "\nL.backward()"))[0]
    assert math.isnan(estimate.derivative)
    assert math.isnan(estimate.error)
