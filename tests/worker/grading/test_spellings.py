"""However an operation is spelled, an engine that differentiates it rightly loses no point."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.engines import CORRECT, Engine, observe, run, runs_on
from tests.support.engines.spelled import COMPUTED, FORMULAS, SPELLED
from tests.support.oracles.graphs import TAME, draw_cases
from worker.grading.judge import judge
from worker.graph import BINARY, FUNCTIONS, Apply, Graph, parse
from worker.report.model import Verdict
from worker.suites import catalogue
from worker.suites.validation import Oracle, consult, find_disagreement, find_fault

# Numbers by the million: measuring coverage would take most of the time, and finds nothing new.
pytestmark = pytest.mark.no_cover

WEIGHTED = [name for name in catalogue.names() if catalogue.outline(name).weight]
OPERATIONS = {name: set(spelling) for name, spelling in {**FORMULAS, **COMPUTED}.items()}
SHARE = 1 / 2  # of a tolerance: the reference is off by a quarter at most, and so is any other


def find_operations(graph: Graph) -> set[str]:
    applied = [step for step in graph.nodes if isinstance(step, Apply)]
    return {step.operation.removesuffix("=") for step in applied}


def check(engine: Engine, oracle: Oracle, name: str) -> None:
    numbers = run(engine, oracle.graph)
    for actual, due, bounds in (
        (numbers.data, oracle.evaluation.data, oracle.bounds.data),
        (numbers.grad, oracle.evaluation.grad, oracle.bounds.grad),
    ):
        for got, expected, most in zip(actual, due, bounds, strict=True):
            assert abs(got - expected) <= SHARE * most, (name, oracle.graph.program)


@pytest.mark.parametrize("name", SPELLED)
def test_every_formula_passes_every_case_that_it_is_defined_for(name: str) -> None:
    engine, passed = SPELLED[name], 0
    cases = [case for suite in WEIGHTED for case in catalogue.load(suite).cases]
    for case in cases:
        if runs_on(engine, case.question.graph):
            assert judge(case, observe(engine, case)).verdict is Verdict.PASSED, case.id
            passed += 1
    assert passed > 0.6 * len(cases)


def test_every_formula_stays_within_half_the_tolerance_on_random_graphs() -> None:
    ran = dict.fromkeys(SPELLED, 0)
    for oracle in draw_cases(seed=99, count=400, outputs=1, most=TAME):
        used = find_operations(oracle.graph)
        for name, engine in SPELLED.items():
            if used & OPERATIONS[name] and runs_on(engine, oracle.graph):
                ran[name] += 1
                check(engine, oracle, name)
    assert min(ran.values()) > 15


NUMBERS = st.one_of(
    st.floats(-4, 4, allow_subnormal=False),
    st.builds(lambda sign, size: sign * 10.0**size, st.sampled_from((-1, 1)), st.floats(-8, 1.7)),
    st.integers(-9, 9).map(float),
)
NEARLY = st.sampled_from((0.0, 1e-9, 1e-6, 1e-3))


@st.composite
def adversarial(draw: st.DrawFn) -> tuple[str, str]:
    """An operation, and a program that runs it on a number that is small, large, or left over."""
    a, b = draw(NUMBERS), draw(NUMBERS)
    operation = draw(st.sampled_from((*BINARY, *FUNCTIONS, "neg")))
    left_over = f"{draw(st.sampled_from('+-*'))} {-a * (1 + draw(NEARLY))!r}"
    x = draw(st.sampled_from(("a", f"(a {left_over})", f"(a * {draw(NUMBERS)!r})")))
    if operation == "**":
        power = draw(st.sampled_from(("2", "3", "(-1)", "(-2)", "0.5", "2.5", "10", "b")))
        result = f"{x} ** {power}"
    elif operation in BINARY:
        result = f"{x} {operation} b"
    else:
        result = f"-{x}" if operation == "neg" else f"{operation}({x})"
    tail = draw(st.sampled_from(("", f" * {draw(NUMBERS)!r}", " + a", " * a - b")))
    return operation, f"a = Value({a!r})\nb = Value({b!r})\nL = ({result}){tail}\nL.backward()"


@given(adversarial())
@settings(max_examples=200, deadline=None)
def test_every_formula_stays_within_half_the_tolerance_at_adversarial_points(
    drawn: tuple[str, str],
) -> None:
    operation, program = drawn
    oracle = consult(parse(program))
    assume(find_fault(oracle) is None and find_disagreement(oracle) is None)
    assume(max(map(abs, oracle.evaluation.data)) < 1e6)
    engines = {name: engine for name, engine in SPELLED.items() if operation in OPERATIONS[name]}
    for name, engine in {**engines, **{str(engine): engine for engine in CORRECT}}.items():
        if runs_on(engine, oracle.graph):
            check(engine, oracle, name)
