"""Texts of the catalogue and of the audit, as pages show them."""

from __future__ import annotations

import pytest

from service.web.view.audit import show_value
from service.web.view.text import with_code


def test_parts_in_backticks_are_code_and_the_rest_is_escaped() -> None:
    assert with_code("Which operand is `self`?") == "Which operand is <code>self</code>?"
    assert with_code("<b>`<i>`\x1b") == "&lt;b&gt;<code>&lt;i&gt;</code>␛"
    assert with_code("one ` alone") == "one ` alone"


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
