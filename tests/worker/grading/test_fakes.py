"""Gradients by differences fail, whatever the step; right ones pass, whatever the way to them."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from tests.support.engines import Engine, observe, run
from tests.support.engines.fakes import (
    ComplexStep,
    Slope,
    central,
    extrapolated,
    fake,
    five_points,
    forward,
    four_steps,
    ridders,
)
from tests.support.engines.plain import OPERATIONS, Answer
from tests.support.engines.spelled import spell
from tests.support.oracles.graphs import TAME, draw_cases
from worker.grading.judge import judge
from worker.report.model import Verdict
from worker.suites import catalogue

KINDS = (forward, central, extrapolated, five_points, four_steps)
# In binary steps no digit of a moved number is lost, so that differences are at their best.
STEPS = [*(10.0**-exponent for exponent in range(1, 15)), *(2.0**-n for n in range(1, 45, 4))]
WEIGHTED = [name for name in catalogue.names() if catalogue.outline(name).weight]


def ask(engine: Engine, name: str) -> list[Verdict]:
    """What an engine gets on the cases of a suite."""
    verdicts = []
    for case in catalogue.load(name).cases:
        try:
            verdicts.append(judge(case, observe(engine, case)).verdict)
        except (ValueError, ZeroDivisionError, TypeError):  # moved out of a domain
            verdicts.append(Verdict.ERROR)
    return verdicts


def share_wrong(engine: Engine, name: str) -> float:
    verdicts = ask(engine, name)
    return verdicts.count(Verdict.WRONG_GRADIENT) / len(verdicts)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_by_differences_fail_at_every_step(kind: Callable[[float], Slope]) -> None:
    for step in STEPS:
        engine = fake(kind(step))
        assert share_wrong(engine, "functions") > 1 / 3, step
        assert share_wrong(engine, "power") > 1 / 5, step


@pytest.mark.parametrize("name", ["functions", "composite", "random"])
def test_even_the_best_differences_fail(name: str) -> None:
    assert share_wrong(fake(ridders), name) > 1 / 4


@pytest.mark.parametrize("name", WEIGHTED)
def test_gradients_by_complex_steps_are_right_and_pass(name: str) -> None:
    assert set(ask(ComplexStep, name)) == {Verdict.PASSED}


def test_gradients_by_complex_steps_pass_on_random_graphs() -> None:
    for oracle in draw_cases(seed=12, count=200, outputs=1, most=TAME):
        grad = run(ComplexStep, oracle.graph).grad
        for due, actual, most in zip(oracle.evaluation.grad, grad, oracle.bounds.grad, strict=True):
            assert abs(due - actual) <= most, oracle.graph.program


def round_to_single(number: float) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])


def in_single(compute: Callable[..., Answer]) -> Callable[..., Answer]:
    def rounded(*operands: float) -> Answer:
        number, slopes = compute(*map(round_to_single, operands))
        return round_to_single(number), tuple(map(round_to_single, slopes))

    return rounded


def test_an_engine_in_single_precision_fails_by_the_tolerances_of_double_precision() -> None:
    engine = spell({}, {name: in_single(compute) for name, compute in OPERATIONS.items()})
    for name in ("functions", "composite", "random"):
        verdicts = ask(engine, name)
        assert verdicts.count(Verdict.WRONG_VALUE) > 2 / 3 * len(verdicts), name
