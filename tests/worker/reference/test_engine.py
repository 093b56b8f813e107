"""The reference engine is right, and no graph is too long for it."""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable

import mpmath
import pytest
from hypothesis import given, settings

from tests.bench.engine import ClosureValue, build, measure
from tests.support.program_strategies import programs
from worker.graph import BINARY, FUNCTIONS, IN_PLACE, parse
from worker.reference.differences import estimate_gradients
from worker.reference.engine import ENGINE_VERSION, OPERATIONS, Value, evaluate

EXACT: dict[str, Callable[..., mpmath.mpf]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "neg": lambda x: -x,
    "abs": abs,
    "tanh": mpmath.tanh,
    "exp": mpmath.exp,
    "log": mpmath.log,
    "relu": lambda x: x if x > 0 else mpmath.mpf(0),
    "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "sqrt": mpmath.sqrt,
}
POINTS = (0.3, 1.0, 2.5, 7.0)
NEGATIVE = (-0.3, -2.5)
WHOLE_LINE = ("neg", "abs", "tanh", "exp", "relu", "sigmoid", "sin", "cos")


def near(exact: mpmath.mpf) -> object:
    return pytest.approx(float(exact), rel=1e-14, abs=1e-15)


def test_the_engine_knows_every_operation_of_a_graph() -> None:
    assert set(OPERATIONS) == {*BINARY, *IN_PLACE, *FUNCTIONS, "neg"}
    assert ENGINE_VERSION


@pytest.mark.parametrize("operation", [*FUNCTIONS, "neg"])
def test_a_function_and_its_derivative_agree_with_50_digits(operation: str) -> None:
    for point in (*POINTS, *(NEGATIVE if operation in WHOLE_LINE else ())):
        x = Value(point)
        result = OPERATIONS[operation](x)
        result.backward()
        with mpmath.workdps(50):
            assert result.data == near(EXACT[operation](mpmath.mpf(point)))
            assert x.grad == near(mpmath.diff(EXACT[operation], mpmath.mpf(point)))


@pytest.mark.parametrize("operation", BINARY)
@pytest.mark.parametrize("form", ["both", "left", "right", "in place", "in place by a number"])
def test_an_operator_and_its_derivatives_agree_with_50_digits(operation: str, form: str) -> None:
    for first in POINTS:
        for second in (*POINTS, *NEGATIVE):
            check_operator(operation, form, first, second)


def check_operator(operation: str, form: str, first: float, second: float) -> None:
    a, b = Value(first), Value(second)
    in_place = "=" if form.startswith("in place") else ""
    left = first if form == "right" else a
    right = second if form in ("left", "in place by a number") else b
    result = OPERATIONS[operation + in_place](left, right)
    result.backward()
    with mpmath.workdps(50):
        exact_a, exact_b = mpmath.mpf(first), mpmath.mpf(second)
        exact = EXACT[operation]
        assert result.data == near(exact(exact_a, exact_b))
        if left is a:
            assert a.grad == near(mpmath.diff(lambda x: exact(x, exact_b), exact_a))
        if right is b:
            assert b.grad == near(mpmath.diff(lambda x: exact(exact_a, x), exact_b))


@given(programs())
@settings(max_examples=60, deadline=None)
def test_gradients_of_random_graphs_agree_with_central_differences(program: str) -> None:
    graph = parse(program)
    grad = evaluate(graph).grad
    for leaf, estimate in estimate_gradients(graph).items():
        if estimate.error < 1e-7:
            assert grad[leaf] == pytest.approx(estimate.derivative, rel=1e-4, abs=1e-4)


def test_in_place_forms_make_a_new_node_and_leave_the_alias_alone() -> None:
    x = alias = Value(3)
    x *= 2
    assert x is not alias
    assert (x.data, alias.data) == (6.0, 3.0)


def test_a_node_used_twice_gets_both_gradients() -> None:
    x = Value(3)
    (x * x + x).backward()
    assert x.grad == 7.0


def test_gradients_of_two_outputs_add_up() -> None:
    graph = parse("x = Value(3)\ny = x * 2\nz = y * x\ny.backward()\nz.backward()")
    assert evaluate(graph).grad == (2 + 12, 1 + 3, 1)


def test_a_node_that_no_output_depends_on_has_the_gradient_0() -> None:
    graph = parse("x = Value(3)\nc = Value(5)\nL = x * 2\nunused = L + c\nL.backward()")
    assert evaluate(graph).grad == (2.0, 0.0, 1.0, 0.0)


def test_overflow_and_undefined_results_are_inf_and_nan() -> None:
    graph = parse(
        "x = Value(-1)\nz = Value(0)\na = exp(x * -1000)\nb = log(x)\nc = x / z\nd = z / z"
    )
    data = evaluate(graph).data
    assert math.isinf(data[3])
    assert math.isnan(data[4])
    assert data[5] == -math.inf
    assert math.isnan(data[6])


def test_zero_to_the_zero_is_1_and_flat() -> None:
    x = Value(0)
    result = x**0
    result.backward()
    assert (result.data, x.grad) == (1.0, 0.0)


def test_the_absolute_value_is_flat_at_0() -> None:
    x = Value(0)
    abs(x).backward()
    assert x.grad == 0.0


def test_a_chain_of_100_000_nodes_is_built_differentiated_and_freed() -> None:
    class Tracked(Value):
        __slots__ = ("__weakref__",)

    x = Tracked(1.0)
    alive = weakref.ref(x)
    y = x * 1
    for _ in range(100_000):
        y = y * x
    y.backward()
    assert x.grad == 100_001.0
    del x, y
    gc.collect()
    assert alive() is None


def test_a_value_shows_its_number_and_its_gradient() -> None:
    assert repr(Value(3)) == "Value(data=3.0, grad=0.0)"


def test_the_bench_compares_the_engine_with_a_closure_design_that_agrees() -> None:
    ours, closures = build(Value), build(ClosureValue)
    ours.backward()
    closures.backward()
    assert ours.data == pytest.approx(closures.data, rel=1e-12)
    assert ours.grad == closures.grad == 1
    assert all(figure > 0 for figure in measure(repetitions=1).values())
