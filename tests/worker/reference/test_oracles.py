"""Each source of expected numbers is held against another that shares nothing with it."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest
from mpmath import mpf

from tests.support.oracles import complex_step
from tests.support.oracles.exact import find_truth
from tests.support.oracles.graphs import draw_cases, draw_graph
from tests.support.separate_processes import map_apart
from worker.graph import BINARY, FUNCTIONS, IN_PLACE, Apply, Backward, Constant, Graph, parse
from worker.reference.differences import estimate_gradients
from worker.reference.floats import DOUBLE, ROUNDOFF
from worker.reference.tolerance import SAFETY
from worker.suites.validation import Oracle, consult, find_disagreement, find_fault

GRAPHS, AT_ONCE = 10_000, 500
SECOND_ORDER = 1.001  # the bound is of first order: what rounding may be beyond it, as a factor

# Of a tolerance, as a share of its number (of 1, for small ones), over all numbers drawn.
MEDIAN_SHARE = 2e-15
WIDE_SHARE = 1e-11  # of all but one in a hundred
WORST_SHARE = 1e-9  # where a case is refused

HONEST = 0.995  # of all estimates by differences: how many are as near as they claim
STRETCH = 10  # times what they claim: no estimate is farther off, a billionth left aside


Judged = list[tuple[Oracle, list[float], list[float]]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """Graphs with the share of each tolerance in its number, and of the engine's error in it."""
    return [one for several in map_apart(_judge, range(GRAPHS // AT_ONCE)) for one in several]


def _judge(seed: int) -> Judged:
    return [(oracle, *_measure(oracle)) for oracle in draw_cases(seed=seed, count=AT_ONCE)]


def _measure(oracle: Oracle) -> tuple[list[float], list[float]]:
    truth = find_truth(oracle.graph)
    shares, errors = [], []
    for numbers, exact, bounds in (
        (oracle.evaluation.data, truth.data, oracle.bounds.data),
        (oracle.evaluation.grad, truth.grad, oracle.bounds.grad),
    ):
        for number, due, tolerance in zip(numbers, exact, bounds, strict=True):
            error = abs(mpf(number) - due)
            shares.append(tolerance / max(1, abs(number)))
            errors.append(float(error / tolerance) if tolerance else float(error and math.inf))
    return shares, errors


def test_the_engine_is_as_near_to_50_digits_as_one_bound_of_the_four_in_a_tolerance(
    judged: Judged,
) -> None:
    assert len(judged) == GRAPHS
    for oracle, _, errors in judged:
        assert max(errors) <= SECOND_ORDER / SAFETY, oracle.graph.program


def test_tolerances_are_tight(judged: Judged) -> None:
    shares = sorted(share for _, each, _ in judged for share in each)
    assert shares[len(shares) // 2] <= MEDIAN_SHARE
    assert shares[len(shares) * 99 // 100] <= WIDE_SHARE
    assert shares[-1] <= WORST_SHARE


def test_the_engine_uses_up_a_good_part_of_its_bound_where_an_operation_is_rounded_once(
    judged: Judged,
) -> None:
    used = max(error for _, _, errors in judged for error in errors)
    assert used > 0.9 / SAFETY


def test_the_graphs_are_of_every_operation_in_every_form(judged: Judged) -> None:
    graphs = [oracle.graph for oracle, _, _ in judged]
    seen = {form for graph in graphs for form in _find_forms(graph)}
    operators = {*BINARY, *IN_PLACE}
    assert seen == {
        *((function, "of a Value") for function in (*FUNCTIONS, "neg")),
        *((operator, form) for operator in operators for form in ("two Values", "number right")),
        *((operator, "number left") for operator in BINARY),
    }
    assert {len(graph.nodes) for graph in graphs} >= set(range(2, 31))
    assert max(len(graph.nodes) for graph in graphs) <= 40
    assert sum(len(graph.outputs) > 1 for graph in graphs) > 500
    assert sum(_has_inner_backward(graph) for graph in graphs) > 500


def _has_inner_backward(graph: Graph) -> bool:
    return any(isinstance(step, Backward) for step in graph.steps[:-1])


def _find_forms(graph: Graph) -> Iterator[tuple[str, str]]:
    for step in graph.nodes:
        if isinstance(step, Apply):
            match step.operands:
                case (int(), Constant()):
                    yield step.operation, "number right"
                case (Constant(), int()):
                    yield step.operation, "number left"
                case (int(), int()):
                    yield step.operation, "two Values"
                case _:
                    yield step.operation, "of a Value"


def test_most_random_graphs_can_test_an_engine() -> None:
    dice = random.Random(1)
    drawn = [consult(draw_graph(dice)) for _ in range(500)]
    fit = [one for one in drawn if find_fault(one) is None and find_disagreement(one) is None]
    assert len(fit) > 0.8 * len(drawn)


def test_complex_steps_agree_with_the_engine_within_half_the_tolerance(judged: Judged) -> None:
    for oracle, _, _ in judged[:5000]:
        for leaf, derivative in complex_step.find_gradients(oracle.graph).items():
            error = abs(derivative - oracle.evaluation.grad[leaf])
            most = oracle.bounds.grad[leaf] / 2 + complex_step.LEAST
            assert error <= most, oracle.graph.program


@pytest.mark.no_cover
def test_differences_are_as_near_as_they_claim_and_never_far_off(judged: Judged) -> None:
    honest = total = 0
    for oracle, _, _ in judged[:1500]:
        truth = find_truth(oracle.graph).grad
        for leaf, estimate in estimate_gradients(oracle.graph).items():
            error = float(abs(estimate.derivative - truth[leaf]))
            total += 1
            honest += error <= estimate.error + DOUBLE.smallest
            spare = 1e-9 * max(1, abs(oracle.evaluation.grad[leaf]))
            assert error <= STRETCH * estimate.error + spare, oracle.graph.program
    assert total > 2000
    assert honest >= HONEST * total


@pytest.mark.no_cover
@pytest.mark.parametrize("kinked", ["relu({})", "abs({})", "1 / {}", "{} ** 1.5", "log({})"])
def test_a_kink_or_an_edge_right_at_a_point_is_found_in_every_graph(kinked: str) -> None:
    for program, number in _draw_programs(seed=7, count=100):
        at_0 = f"{program}\nk = y - ({number!r})\nL = y * 3 + {kinked.format('k')}\nL.backward()"
        estimates = estimate_gradients(parse(at_0))
        assert all(math.isnan(estimate.derivative) for estimate in estimates.values()), at_0


@pytest.mark.no_cover
def test_a_kink_nearby_is_found_or_avoided() -> None:
    found = 0
    for program, number in _draw_programs(seed=8, count=300):
        threshold = number - 1e-7 * max(1, abs(number))
        aside = f"{program}\nL = y + relu(y - ({threshold!r})) * 2\nL.backward()"
        oracle = consult(parse(aside))
        for leaf, estimate in estimate_gradients(oracle.graph).items():
            if math.isnan(estimate.derivative):
                found += 1
            else:
                due = oracle.evaluation.grad[leaf]
                spare = 1e-8 * max(1, abs(due))
                assert abs(estimate.derivative - due) <= STRETCH * estimate.error + spare, aside
    assert found > 50


def _draw_programs(seed: int, count: int) -> Iterator[tuple[str, float]]:
    """Programs without a backward in which y is the last node, and the number of y."""
    for oracle in draw_cases(seed, count, outputs=1, most=100):
        head = oracle.graph.program.rpartition("\n")[0]
        output = oracle.graph.outputs[0]
        yield f"{head}\ny = v{output} * 1", oracle.evaluation.data[output]


def test_the_roundings_of_single_operations_are_a_few_units_in_the_last_place() -> None:
    """Of the number, at moderate points: loosened tenfold, the constants would fail."""
    most = {"x + y": 1, "x * y": 1, "x / y": 60, "x ** 3": 60, "x ** y": 60, "sqrt(x)": 60}
    for expression in ("exp(x)", "log(x)", "tanh(x)", "sigmoid(x)", "sin(x)", "abs(x)"):
        most[expression] = 40
    for expression, units in most.items():
        oracle = consult(parse(f"x = Value(1.7)\ny = Value(1.2)\nL = {expression}\nL.backward()"))
        bound = oracle.bounds.data[-1] / SAFETY
        assert bound <= units * ROUNDOFF * abs(oracle.evaluation.data[-1]) + DOUBLE.smallest, (
            expression
        )
