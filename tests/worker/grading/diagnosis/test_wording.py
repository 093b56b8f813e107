"""Formulas and forms as students write them."""

from __future__ import annotations

import pytest

from worker.grading.diagnosis.changes import Change
from worker.grading.diagnosis.rules import IDENTICAL
from worker.grading.diagnosis.statements import describe_shortly
from worker.grading.diagnosis.wording import fill, find_formula, show_form, show_forms, show_text
from worker.report.model import Check, Quantity


@pytest.mark.parametrize(
    ("form", "shown"),
    [("neg", "-x"), ("exp", "exp(x)"), ("-NV", "n - x"), ("**VN", "x ** n"), ("/=VV", "x /= y")],
)
def test_a_form_is_shown_as_in_a_program(form: str, shown: str) -> None:
    assert show_form(form) == shown


@pytest.mark.parametrize(
    ("text", "form", "shown"),
    [
        ("n * pow(a, n - 1) if n else 0", "**VN", "n * x**(n - 1)"),
        ("pow(a, n)", "**VN", "x**n"),
        ("1 - out**2", "tanh", "1 - t**2"),
        ("-a / b**2", "/VV", "-x / y**2"),
        ("a * 0.8414709848078965", "sin", "x * 0.841471"),
    ],
)
def test_a_rule_is_shown_with_a_student_s_names(text: str, form: str, shown: str) -> None:
    assert show_text(text, form) == shown


def test_many_forms_are_named_by_the_first_ones() -> None:
    assert show_forms(["exp"]) == "exp(x)"
    assert show_forms(["exp", "sin", "neg"]) == "exp(x), sin(x) and -x"
    assert show_forms(["exp", "sin", "neg", "log", "cos"]) == "exp(x), sin(x), -x and 2 more"


def test_a_formula_of_a_value_has_no_operand_and_a_mistake_without_one_has_no_formula() -> None:
    rules = (("exp", "update0", "assign"), ("exp", "value", "sin(a)"))
    found = find_formula([Change(mistake="formula", forms=("exp",), rules=rules)])
    assert found is not None
    assert (found.of, found.by, found.yours, found.right) == ("exp(x)", "", "sin(x)", "exp(x)")
    assert found.where == ""
    assert find_formula([Change(mistake="assigns")]) is None
    assert fill("{form} is {yours}.", [Change(mistake="assigns")]) == " is ."


@pytest.mark.parametrize(
    ("rules", "clause"),
    [
        ([("-VV", "slope0", "1"), ("-VV", "slope1", "1")],
         "the gradient for x is 1 and the gradient for y is 1"),
        ([("tanh", "slope0", "1 - out")], "the gradient is 1 - t (where t = tanh(x))"),
        ([("relu", "slope0", "a < 0")], "the gradient is 1 where x < 0, and 0 elsewhere"),
        (
            [("relu", "slope0", "1 if a > 0 else 0.01")],
            "the gradient is 1 where x > 0, and 0.01 elsewhere",
        ),
        ([("exp", "value", "sin(a)")], "the value is sin(x)"),
        ([("exp", "slope0", "1"), ("sin", "slope0", "a")],
         "the gradient of exp(x) is 1 and the gradient of sin(x) is x"),
    ],
)  # fmt: skip
def test_what_is_computed_instead_says_of_what_and_for_which_operand(
    rules: list[tuple[str, str, str]], clause: str
) -> None:
    forms = tuple(dict.fromkeys(form for form, _, _ in rules))
    assert fill("{yours}", [Change(mistake="m", forms=forms, rules=tuple(rules))]) == clause


def test_a_branch_is_named_by_the_numbers_that_run_it() -> None:
    def show(form: str, aspect: str, text: str) -> str:
        change = Change(mistake="else-zeroes", forms=(form,), rules=((form, aspect, text),))
        return fill("{When}, it is lost.", [change])

    assert show("relu", "branch0", "a < 0: set") == "Where x < 0, it is lost."
    assert show("*VN", "branch0", "n == 1: zero") == "Where n == 1, it is lost."
    assert show("+VV", "branch1", f"{IDENTICAL}: set").startswith("Where both operands are")
    assert show("tanh", "effect", "zeroes") == "Where the slope is 0, it is lost."
    assert show("tanh", "slope0", "1").startswith("For some numbers")


def test_a_wrong_number_is_told_with_few_digits_and_a_missing_one_without() -> None:
    wrong = Check("x", Quantity.GRAD, 1.0, 0.5377777777, 0.4622222223, 1e-12, passed=False)
    assert describe_shortly(wrong) == "x.grad is 0.537778, expected 1."
    missing = wrong._replace(actual=None, error=None)
    assert describe_shortly(missing) == "x.grad is None, expected 1: backward left no number there."
