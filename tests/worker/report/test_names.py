"""Names of an engine's parts: as JSON, as the text of `--names`, and which are allowed."""

from __future__ import annotations

import pytest

from worker.report.names import LONGEST_NAME, Names, is_name

SOME = Names(class_name="Scalar", grad="gradient")


def test_names_survive_json_and_text() -> None:
    assert SOME.to_json() == {"class": "Scalar", "data": None, "grad": "gradient", "backward": None}
    assert Names.from_json(SOME.to_json()) == SOME
    assert SOME.to_text() == "class=Scalar,grad=gradient"
    assert Names.from_text(" class = Scalar, grad=gradient") == SOME


def test_names_are_false_if_every_part_is_free() -> None:
    assert SOME
    assert not Names()
    assert Names.from_json({}) == Names()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "give class="),
        ("seed=caller", "give class="),
        ("class=A,class=B", "given twice"),
        ("class=", "not a valid Python name"),
        ("data=a b", "not a valid Python name"),
    ],
)
def test_a_text_that_names_no_part_is_rejected_with_a_message(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Names.from_text(text)


@pytest.mark.parametrize("text", ["Value", "_grad", "größe", "x" * LONGEST_NAME])
def test_a_python_identifier_is_a_name(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize("text", ["", "a b", "1st", "def", "a.b", "x" * (LONGEST_NAME + 1)])
def test_anything_else_is_not_a_name(text: str) -> None:
    assert not is_name(text)
