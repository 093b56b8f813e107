"""Formulas that are read off an engine's own numbers."""

from __future__ import annotations

import math

from worker.grading.diagnosis.formulas import Site, formulas_of
from worker.grading.diagnosis.slips import slip

POINTS = (0.4, 1.3, -0.7, 2.1)


def test_a_slope_is_found_by_its_numbers() -> None:
    sites = [Site((x, x, 0.0, math.exp(x)), 2.0, (2.0 * x * math.exp(x),)) for x in POINTS]
    found, *_ = formulas_of("exp", sites)
    assert found.rules == (("exp", "slope0", "a * out"),)


def test_a_value_is_found_by_its_numbers() -> None:
    sites = [Site((x, x, 0.0, math.sin(x)), 2.0, (2.0 * math.cos(x),)) for x in POINTS]
    found, *_ = formulas_of("exp", sites)
    assert {rule[1:] for rule in found.rules} == {("value", "sin(a)"), ("slope0", "cos(a)")}


def test_a_slope_without_what_comes_from_above_is_found_too() -> None:
    sites = [Site((x, x, 0.0, math.exp(x)), 1.5 + x * x, (x * math.exp(x),)) for x in POINTS]
    found, *_ = formulas_of("exp", sites)
    assert ("exp", "upstream0", "1") in found.rules


def test_numbers_of_no_short_formula_give_none() -> None:
    odd = [Site((x, x, 0.0, math.exp(x)), 2.0, (math.gamma(x + 3) ** 1.7,)) for x in POINTS]
    endless = [Site((x, x, 0.0, math.exp(x)), 2.0, (math.inf,)) for x in POINTS]
    other = [Site((x, x, 0.0, math.gamma(x + 3) ** 1.7), 2.0, (1.0,)) for x in POINTS]
    for sites in (odd, other, odd[:2], endless[:2]):
        assert list(formulas_of("exp", sites)) == []


def test_a_slope_that_is_infinite_everywhere_is_a_division_by_zero() -> None:
    endless = [Site((x, x, 0.0, math.exp(x)), 2.0, (math.inf,)) for x in POINTS]
    (found,) = formulas_of("exp", endless)
    assert found.rules == (("exp", "slope0", "a / 0"),)


def test_the_right_rule_may_be_a_part_of_a_formula() -> None:
    points = [(0.4, 3), (1.3, 2), (0.7, -1), (2.1, 4)]
    shares = [n * x ** (n - 1) + math.tanh(x) for x, n in points]
    sites = [
        Site((x, x, n, x**n), 2.0, (2 * by,)) for (x, n), by in zip(points, shares, strict=True)
    ]
    found, *_ = formulas_of("**VN", sites)
    assert found.rules[0][2] == "(n * pow(a, n - 1) if n else 0) + tanh(a)"
    shares = [n**x if n > 0 else 0.0 for x, n in points]
    sites = [
        Site((x, x, n, x**n), 2.0, (2 * by,)) for (x, n), by in zip(points, shares, strict=True)
    ]
    found, *_ = formulas_of("**VN", sites)
    assert found.rules == (("**VN", "slope0", "pow(n, a) if n > 0 else 0"),)


def test_a_right_form_has_no_formula() -> None:
    sites = [Site((x, x, 0.0, math.exp(x)), 2.0, (2 * math.exp(x),)) for x in POINTS]
    assert list(formulas_of("exp", sites)) == []


def test_numbers_at_which_the_right_rule_fails_are_read_too() -> None:
    sites = [Site((x, 0.0, 0.0, x), 1.0, (1.0, x)) for x in POINTS]
    found, *_ = formulas_of("/VV", sites)
    assert ("/VV", "value", "a") in found.rules


def test_a_slope_that_is_the_same_everywhere_is_that_number() -> None:
    sites = [Site((x, x, 0.0, math.cos(x)), 2.0, (-2.0 * math.sin(1.0),)) for x in POINTS]
    found = next(iter(formulas_of("cos", sites)))
    assert found.rules == (("cos", "slope0", repr(-math.sin(1.0))),)


def test_numbers_that_are_finite_at_too_few_points_give_no_formula() -> None:
    some = [Site((x, x, 0.0, math.exp(x)), 2.0, (x,)) for x in POINTS[:2]]
    endless = [Site((x, x, 0.0, math.exp(x)), 2.0, (math.inf,)) for x in POINTS[2:]]
    assert list(formulas_of("exp", [*some, *endless])) == []


def test_a_slip_is_another_text_and_keeps_what_it_does_not_know() -> None:
    assert "a < 0" not in slip("a > 0", ("a",))
    assert "abs(a) > 0" in slip("a > 0", ("a",))
    assert "pow(n, a)" in slip("pow(a, n)", ("a", "n"))
    assert "n * pow(a, n)" in slip("n * pow(a, n - 1)", ("a", "n"))
    assert all(text != "a * n" for text in slip("a * n", ("a", "n")))
