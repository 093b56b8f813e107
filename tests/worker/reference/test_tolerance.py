"""The tolerance lets every correct engine pass."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, example, given, settings

from tests.support.engines import CORRECT, Engine, observe, run, runs_on
from tests.support.program_strategies import programs
from worker.grading.judge import judge
from worker.graph import parse
from worker.reference.floats import ROUNDOFF
from worker.reference.tolerance import MAX_PATHS, SAFETY
from worker.report.model import Verdict
from worker.suites import catalogue
from worker.suites.validation import Oracle, consult, find_disagreement, find_fault


def ask(program: str) -> Oracle:
    return consult(parse(program))


@pytest.mark.parametrize("engine", CORRECT)
@pytest.mark.parametrize(
    "name", [name for name in catalogue.names() if catalogue.outline(name).weight]
)
def test_a_correct_engine_passes_every_case_that_counts_however_it_is_written(
    engine: Engine, name: str
) -> None:
    reports = [judge(case, observe(engine, case)) for case in catalogue.load(name).cases]
    assert [report.message for report in reports if report.verdict is not Verdict.PASSED] == []


@given(programs())
@settings(max_examples=80, deadline=None)
@example("x = Value(0.0001)\nL = x.tanh()\nL.backward()")
@example("x = Value(-30)\nL = x.sigmoid()\nL.backward()")
@example("x = Value(7.5)\ny = x\nfor _ in range(6):\n    y = y * y.sin() + y\ny.backward()")
def test_correct_engines_stay_within_the_tolerance_on_random_graphs(program: str) -> None:
    oracle = ask(program)
    assume(find_fault(oracle) is None and find_disagreement(oracle) is None)
    for engine in CORRECT:
        if runs_on(engine, oracle.graph):
            numbers = run(engine, oracle.graph)
            for kind in ("data", "grad"):
                due, got = getattr(oracle.evaluation, kind), getattr(numbers, kind)
                for expected, actual, most in zip(
                    due, got, getattr(oracle.bounds, kind), strict=True
                ):
                    assert abs(expected - actual) <= most, (engine, kind, program)


def test_the_tolerances_of_the_worked_example_are_a_few_roundings() -> None:
    for case in catalogue.load("worked-example").cases:
        for due in case.expectations:
            assert due.tolerance <= 64 * ROUNDOFF * abs(due.expected)


def test_a_literal_is_exact_and_so_is_the_0_of_a_node_that_no_output_depends_on() -> None:
    oracle = ask("x = Value(0.1)\nc = Value(3)\nL = x + x\nu = L * c\nL.backward()")
    assert oracle.bounds.data[:2] == (0.0, 0.0)
    assert oracle.bounds.grad[1] == 0.0
    assert oracle.bounds.grad[3] == 0.0
    assert oracle.bounds.grad[0] > 0


def test_tolerances_allow_the_rounding_of_numbers_that_cancel() -> None:
    oracle = ask("x = Value(0.1)\nr = x * 3 - 0.3\nL = r ** 2\nL.backward()")
    other_spelling = (0.1 + 0.1 + 0.1 - 0.3, 0.0)
    for rest in other_spelling:
        assert abs(oracle.evaluation.data[2] - rest) <= oracle.bounds.data[2]
        assert abs(oracle.evaluation.data[3] - rest**2) <= oracle.bounds.data[3]
        assert abs(oracle.evaluation.grad[2] - 2 * rest) <= oracle.bounds.grad[2]
    assert oracle.bounds.data[3] < 1e-30


def test_a_slope_that_vanishes_twice_may_be_positive_in_another_formula() -> None:
    oracle = ask("x = Value(12)\ny = 2 * tanh(2 * x) + 14\nL = tanh(y)\nL.backward()")
    in_truth = 4 / math.cosh(24) ** 2 / math.cosh(16) ** 2
    assert oracle.evaluation.grad[0] == 0
    assert in_truth < oracle.bounds.grad[0] < 1e-13


def test_tolerances_allow_halves_of_a_gradient_that_cancel_behind_a_relu() -> None:
    oracle = ask("x = Value(-0.3)\nL = relu(x) * 1000 + x * 0.1\nL.backward()")
    by_halves = 500 + 0.1 - 500
    assert oracle.evaluation.grad[0] == 0.1 != by_halves
    assert abs(by_halves - 0.1) <= oracle.bounds.grad[0]


def test_each_path_may_be_a_separate_term_up_to_a_million() -> None:
    program = "x = Value(0.7)\ny = x\nfor _ in range({}):\n    y = y + y\ny.backward()"
    few, many = ask(program.format(10)), ask(program.format(60))
    share = few.bounds.grad[0] / few.evaluation.grad[0]
    assert 2**10 * SAFETY * ROUNDOFF <= share <= 2**13 * SAFETY * ROUNDOFF
    assert many.bounds.grad[0] / many.evaluation.grad[0] <= 64 * MAX_PATHS * SAFETY * ROUNDOFF


def test_tolerances_allow_the_rounding_of_several_outputs() -> None:
    one = ask("x = Value(0.7)\ny = x.exp()\nz = x.sin()\ny.backward()")
    both = ask("x = Value(0.7)\ny = x.exp()\nz = x.sin()\ny.backward()\nz.backward()")
    assert both.bounds.grad[0] > one.bounds.grad[0]


def test_tolerances_allow_terms_that_are_added_one_by_one() -> None:
    """As by an engine that goes path by path, where a backward before has left its gradient."""
    small = 2.0**-54
    program = "x = Value(1)\nL = x * 1\nL.backward()\nz = x\nfor _ in range(3):\n    z = z + z\n"
    oracle = ask(f"{program}M = z * {small}\nM.backward()")
    large, parts = 1 + 2.0**-52, 8 * small
    assert oracle.evaluation.grad[0] == 1 + parts
    bound = oracle.bounds.grad[0] / SAFETY
    assert bound >= 9 * ROUNDOFF * large
    one_by_one = 1.0
    for _ in range(8):
        one_by_one += small
    assert abs(one_by_one - oracle.evaluation.grad[0]) <= bound


@pytest.mark.parametrize(
    "program",
    [
        "L = x ** 0",
        "L = x ** 1",
        "L = x ** 2",
        "L = abs(x)",
        "L = relu(x)",
        "L = tanh(x)",
        "L = x * x",
    ],
)
def test_at_0_a_tolerance_is_still_a_small_number(program: str) -> None:
    oracle = ask(f"x = Value(0)\n{program}\nL.backward()")
    assert all(0 <= most < 1e-13 for most in (*oracle.bounds.data, *oracle.bounds.grad))


@given(programs(tame=False))
@settings(max_examples=80, deadline=None)
def test_every_graph_has_a_bound(program: str) -> None:
    oracle = ask(program)
    bounds = (*oracle.bounds.data, *oracle.bounds.grad)
    assert not any(most < 0 for most in bounds)
    if not all(map(math.isfinite, bounds)):
        assert find_fault(oracle) is not None
