"""Texts of the catalogue and of the audit, as pages show them."""

from __future__ import annotations

import pytest

from service.web.view.audit import show_value
from service.web.view.text import link_lines, with_code, with_few_digits


def test_parts_in_backticks_are_code_and_the_rest_is_escaped() -> None:
    assert with_code("Which operand is `self`?") == "Which operand is <code>self</code>?"
    assert with_code("<b>`<i>`\x1b") == "&lt;b&gt;<code>&lt;i&gt;</code>␛"
    assert with_code("one ` alone") == "one ` alone"


@pytest.mark.parametrize(
    ("message", "linked"),
    [
        ("No <b> (line 12)", 'No &lt;b&gt; (<a href="#L12">line 12</a>)'),
        ("Too slow (code cell 2, line 3).", 'Too slow (<a href="#C2L3">code cell 2, line 3</a>).'),
        ("Line 7 was left out: it plots.", '<a href="#L7">Line 7</a> was left out: it plots.'),
        ("Expecting value: line 1 column 1", "Expecting value: line 1 column 1"),
        ("(line <1>)", "(line &lt;1&gt;)"),
        ("(line \u0661)", "(line \u0661)"),
    ],
)
def test_positions_in_messages_lead_to_the_source_and_the_rest_is_escaped(
    message: str, linked: str
) -> None:
    assert link_lines(message) == linked
    assert link_lines(message, '/"') == linked.replace('href="#', 'href="/&#34;#')


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("x1.grad is 0.4199743416140261.", "x1.grad is 0.419974."),
        ("It is -1.2345678901e-05, not 1e-05.", "It is -1.23457e-05, not 1e-05."),
        ("It is 0.30000000000000004, not 0.3.", "It is 0.30000000000000004, not 0.3."),
        ("It is 1.00000001, not 1.00000002.", "It is 1.00000001, not 1.00000002."),
        ("3 of 5 tests, `x ** 2.5`", "3 of 5 tests, `x ** 2.5`"),
    ],
)
def test_long_numbers_have_six_digits_unless_two_would_look_the_same(text: str, shown: str) -> None:
    assert with_few_digits(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (
            [{"name": "rules", "points": 40.0}, {"name": "order", "points": 2.5}],
            "rules 40, order 2.5",
        ),
        ([], "none"),
        (["a", None, 3], "a, none, 3"),
        ({"characters": 12}, "12 characters"),
        (True, "yes"),
    ],
)
def test_values_of_the_audit_are_shown_in_words(value: object, shown: str) -> None:
    assert show_value(value) == shown
