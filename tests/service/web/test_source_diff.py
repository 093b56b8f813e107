"""What changed in a source."""

from __future__ import annotations

import json

from service.web.view.source_diff import MOST_LINES, Row, compare_sources


def notebook(*cells: str) -> str:
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_changed_lines_have_their_numbers_and_a_few_lines_around() -> None:
    old = [f"line {number}" for number in range(1, 11)]
    new = [*old[:5], "new", *old[6:]]
    diff = compare_sources("\n".join(old), "\n".join(new))
    assert (diff.added, diff.removed) == (1, 1)
    assert diff.rows == (
        Row("left out", None, None, "2 unchanged lines"),
        Row("same", 3, 3, "line 3"),
        Row("same", 4, 4, "line 4"),
        Row("same", 5, 5, "line 5"),
        Row("removed", 6, None, "line 6"),
        Row("added", None, 6, "new"),
        Row("same", 7, 7, "line 7"),
        Row("same", 8, 8, "line 8"),
        Row("same", 9, 9, "line 9"),
        Row("left out", None, None, "1 unchanged lines"),
    )


def test_equal_sources_have_no_rows() -> None:
    assert compare_sources("x = 1\r\n", "\ufeffx = 1\n").rows == ()


def test_notebooks_are_compared_by_their_code() -> None:
    diff = compare_sources(notebook("a", "b\nc"), notebook("a", "b\nd"))
    assert [(row.kind, row.text) for row in diff.rows][-2:] == [("removed", "c"), ("added", "d")]


def test_characters_that_are_invisible_are_shown() -> None:
    diff = compare_sources("a", "a\u202e")
    assert diff.rows[-1].text == "a[U+202E]"


def test_long_sources_are_not_compared() -> None:
    assert compare_sources("x\n" * (MOST_LINES + 1), "x").too_long
