"""A program that a report shows agrees with its verdict when it runs after the student's class."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator

import pytest

from tests.students import engine
from tests.support.pasted import find_error
from worker.grading.grade import grade
from worker.grading.marking import Selection
from worker.graph import parse
from worker.report.model import CaseReport, Check, Quantity, Verdict
from worker.sandbox import Sandbox
from worker.suites import catalogue
from worker.suites.cases import Case, Kind
from worker.suites.shown_programs import is_exact, write_program

SEED = 3
# They round differently, and have the usual names.
RIGHT = ("right/closures", "right/powers_of_e", "right/repeated_products", "right/few_primitives")
OTHER_ANSWERS = (
    "right/zeroes_everything",
    "right/numpy_scalars",
    "right/whole_numbers",
    "single/packed_data",
    "single/gradient_buffers",
)
WRONG = (
    "wrong/m01_assigns_everywhere",
    "wrong/m12_never_seeded",
    "wrong/m27_tanh_from_x",
    "wrong/m25_difference_is_a_sum",
)
BY_NUMBERS = {Verdict.WRONG_VALUE, Verdict.WRONG_GRADIENT}


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """All cases of all suites."""
    return [case for name in catalogue.names() for case in catalogue.load(name, SEED).cases]


@pytest.fixture(autouse=True)
def recursion_limit() -> Iterator[None]:
    """Restores the limit, which programs of deep graphs raise."""
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)


def grade_all(name: str) -> list[CaseReport]:
    chosen = [catalogue.load(each, SEED) for each in catalogue.names()]
    selections = [Selection(suite=suite, weight=1) for suite in chosen]
    with Sandbox() as sandbox:
        report = grade(engine(name), selections, sandbox, seed=SEED)
    return [case for suite in report.suites for case in suite.cases]


@pytest.mark.no_cover
@pytest.mark.parametrize("name", RIGHT)
def test_every_program_raises_nothing_with_a_right_engine(cases: list[Case], name: str) -> None:
    source = engine(name)
    compared = [case for case in cases if case.kind is not Kind.CONVENTION]
    raised = {case.program: find_error(source, case.program) for case in compared}
    # In `robustness`, which gives no points, right engines may overflow.
    assert {type(error) for error in raised.values()} <= {type(None), OverflowError}
    assert sum(error is None for error in raised.values()) >= len(raised) - 6


@pytest.mark.no_cover
@pytest.mark.parametrize("name", [*OTHER_ANSWERS, *WRONG])
def test_the_programs_of_a_report_agree_with_its_verdicts(name: str) -> None:
    source = engine(name)
    reports = grade_all(name)
    assert any(report.verdict in BY_NUMBERS for report in reports) or name in OTHER_ANSWERS
    for report in reports:
        error = find_error(source, report.program)
        if report.passed and not (report.message and not report.checks):  # it may refuse to answer
            assert error is None, (report.id, report.program)
        elif report.verdict in BY_NUMBERS:
            assert isinstance(error, AssertionError), (report.id, error, report.program)


def shown(program: str, *checks: Check, accepted: str = "") -> list[str]:
    """The lines of a program's assertions."""
    graph = parse(program)
    text = write_program(graph, checks, exact=is_exact(graph), accepted=accepted)
    return text.removeprefix(graph.program).strip().splitlines()


def check(
    node: str,
    expected: float,
    actual: float | None,
    *,
    quantity: Quantity = Quantity.GRAD,
    tolerance: float = 1.23e-15,
) -> Check:
    error = None if actual is None else abs(actual - expected)
    passed = error is not None and error <= tolerance
    return Check(node, quantity, expected, actual, error, tolerance, passed)


def test_exact_numbers_are_asserted_as_they_are_and_others_within_their_tolerance() -> None:
    whole = "x = Value(3)\nL = x * x\nL.backward()"
    rounded = whole.replace("3", "0.1")
    assert shown(whole, check("x", 6, 6)) == ["assert x.grad == 6, x.grad"]
    assert shown(whole, check("x", -6, 3)) == ["assert x.grad == -6, x.grad"]
    near = ["assert abs(x.grad - (-6)) <= 1.3e-15, x.grad"]  # this engine rounds all the same
    assert shown(whole, check("x", -6, -6 + 9e-16)) == near
    assert shown(rounded, check("x", -6, -6)) == near
    assert shown(rounded, check("x", 6, 6, tolerance=0)) == ["assert x.grad == 6, x.grad"]
    nan = ["assert abs(x.grad - float('nan')) <= float('inf'), x.grad"]
    assert shown(rounded, check("x", math.nan, 6, tolerance=math.inf)) == nan


def test_the_values_of_leaves_are_asserted_only_if_they_are_wrong() -> None:
    program = "x = Value(3)\nL = x * x\nL.backward()"
    right = check("x", 3, 3, quantity=Quantity.DATA, tolerance=0)
    wrong = check("x", 3, 4, quantity=Quantity.DATA, tolerance=0)
    value = check("L", 9, 9, quantity=Quantity.DATA)
    of_value, of_gradient = "assert L.data == 9, L.data", "assert x.grad == 6, x.grad"
    assert shown(program, right, check("x", 6, 6), value) == [of_value, of_gradient]
    of_leaf = "assert x.data == 3, x.data"
    assert shown(program, wrong, check("x", 6, 6), value) == [of_leaf, of_value, of_gradient]
    assert shown(program, right) == [of_leaf]  # there is nothing else to assert


def test_a_missing_number_raises_an_assertion_error_too() -> None:
    program = "x = Value(3)\nL = x * x\nL.backward()"
    lines = ["assert x.grad is not None", "assert x.grad == 6, x.grad"]
    assert shown(program, check("x", 6, None)) == lines


def test_the_numbers_of_an_accepted_answer_are_asserted_with_its_sentence() -> None:
    program = "x = Value(3)\ny = x * x\nL = y * x\nL.backward()"
    checks = check("x", 27, 27), check("y", 3, None), check("L", 1, 0.5)
    assert shown(program, *checks, accepted="That's fine.") == [
        "# That's fine.",
        "assert x.grad == 27, x.grad",
        "assert y.grad is None, y.grad",
        "assert abs(L.grad - 0.5) <= 1e-09, L.grad",
    ]


def test_outputs_are_collected_in_a_loop() -> None:
    graph = parse(
        "x = Value(3)\nfor _ in range(2):\n    L = x * x\n    L.backward()\nassert x.data == 3"
    )
    checks = [check(f"output {number}", 9, 9, quantity=Quantity.DATA) for number in (1, 2)]
    assert write_program(graph, checks, exact=True).splitlines() == [
        "outputs = []",
        *graph.program.splitlines()[:4],
        "    outputs.append(L)",
        "assert outputs[0].data == 9, outputs[0].data",
        "assert outputs[1].data == 9, outputs[1].data",
    ]


@pytest.mark.parametrize(
    ("program", "exact"),
    [
        ("x = Value(3)\nL = x * x - -x + 2 * x", True),
        ("x = Value(0.375)\nL = x * x\nL *= x\nL += 1", True),
        ("x = Value(0.1)\nL = x + x", False),  # 0.1 has many digits
        ("x = Value(3)\nL = x / x", False),
        ("x = Value(3)\nL = x ** 2", False),
        ("x = Value(3)\nL = x.relu()", False),
        ("x = Value(3)\nx.backward()\nL = Value(x.data - 1 * x.grad)", False),
        ("x = Value(4097)\nL = x * x", False),
        ("x = Value(2)\nL = x\nfor _ in range(26):\n    L = L * x", False),
        ("x = Value(1.5)\nL = x\nfor _ in range(15):\n    L = L * x", False),
    ],
)
def test_a_graph_is_exact_where_no_engine_rounds(program: str, exact: bool) -> None:
    assert is_exact(parse(program)) is exact


def test_a_deep_graph_raises_the_limit_of_recursion_and_a_convention_prints(
    cases: list[Case],
) -> None:
    deep = next(case for case in cases if case.size == 5000)
    assert deep.program.startswith("import sys\nsys.setrecursionlimit(")
    convention = next(case for case in cases if case.id == "relu-at-zero")
    assert convention.program.endswith('print("x.grad is", x.grad)\nprint("L.data is", L.data)')
