"""A template is one program for many forms of operations."""

from __future__ import annotations

import pytest

from worker.graph import BINARY, FUNCTIONS, IN_PLACE, Apply, Constant, parse
from worker.suites.cases import SuiteError
from worker.suites.format.forms import FORMS
from worker.suites.format.reader import read_outline, read_suite

HEAD = """\
# suite: small
# title: A small suite
# version: 1
# about: For tests.
# weight: 10

"""
ONE = """\
# case: again
# title: FORM(x), then x again
# rule: reuse
# forms: negation, functions
# at: x=-0.7 | x=1.3
# positive: x=0.6
x = Value(x)
y = FORM(x)
L = y * x
L.backward()
"""
TWO = """\
# case: chain
# title: FORM(a, b), then a product
# rule: FORM
# forms: subtraction, in place
a = Value(2.5)
b = Value(-0.7)
c = Value(1.9)
y = FORM(a, b)
L = y * c
L.backward()
"""


def refusal(text: str) -> SuiteError:
    with pytest.raises(SuiteError) as refused:
        read_suite(HEAD + text, "small.suite")
    return refused.value


def test_a_template_makes_a_case_for_each_form_at_each_point() -> None:
    cases = {case.id: case for case in read_suite(HEAD + ONE, "small.suite").cases}
    assert len(cases) == 2 * 8 + 2  # log and sqrt have one point
    assert read_outline(HEAD + ONE, "small.suite").cases == len(cases)
    assert cases["again-tanh@1"].title == "tanh(x), then x again, at x = -0.7"
    assert (
        cases["again-tanh@1"].graph.program
        == "x = Value(-0.7)\ny = x.tanh()\nL = y * x\nL.backward()"
    )
    assert "y = -x" in cases["again-opposite@2"].graph.program
    assert "y = abs(x)" in cases["again-abs@1"].graph.program


def test_log_and_sqrt_have_points_where_they_are_defined() -> None:
    cases = {case.id: case for case in read_suite(HEAD + ONE, "small.suite").cases}
    assert cases["again-log@1"].point == cases["again-sqrt@1"].point == {"x": 0.6}


def test_a_template_with_two_operands_has_the_forms_that_take_two() -> None:
    cases = {case.id: case for case in read_suite(HEAD + TWO, "small.suite").cases}
    assert set(cases) == {
        "chain-difference",
        "chain-add-in-place",
        "chain-subtract-in-place",
        "chain-multiply-in-place",
        "chain-divide-in-place",
    }
    case = cases["chain-divide-in-place"]
    assert "y = a\ny /= b\n" in case.graph.program
    assert case.title == "y = a, y /= b, then a product"
    assert case.establishes == "in-place division"


def test_the_forms_are_all_that_a_program_can_have() -> None:
    made = set()
    for form in FORMS:
        operands = ("a", "b")[: form.operands]
        (step,) = (
            step
            for step in parse(
                f"a = Value(2.0)\nb = Value(3.0)\n{form.write_line('y', operands, '4')}"
            ).steps
            if isinstance(step, Apply)
        )
        made.add((step.operation, *(isinstance(one, Constant) for one in step.operands)))
    sides = [(False, False), (False, True), (True, False)]
    assert made == {
        *((function, False) for function in (*FUNCTIONS, "neg")),
        *((sign, *side) for sign in BINARY for side in sides if (sign, side) != ("**", sides[0])),
        *(
            (sign, *side)
            for sign in IN_PLACE
            for side in sides[:2]
            if (sign, side) != ("**=", sides[0])
        ),
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (ONE.replace("FORM(x)\nL", "x.tanh()\nL"), 10, "has lines like 'y = FORM(x)'"),
        (ONE.replace("FORM(x)\nL", "FORM(x) + x\nL"), 10, "has lines like 'y = FORM(x)'"),
        (ONE.replace("negation", "tangent"), 10, "forms are names of rules, or operators, numbers"),
        (ONE.replace("negation, functions", "division"), 10, "none of these forms has as many"),
        (ONE.replace("# forms: negation, functions\n", ""), 7, "'# positive:' belongs to a case"),
        (ONE.replace("FORM(x), then x again", ""), 7, "'# title: ...' is missing"),
        (ONE.replace("L = y", "L = z"), 15, "z is used before it is set"),
    ],
)
def test_an_error_in_a_template_has_its_line(text: str, line: int, reason: str) -> None:
    error = refusal(text)
    assert reason in error.reason
    assert error.line == line
