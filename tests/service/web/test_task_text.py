"""Task texts are Markdown, and nothing in them can do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.view.requirements import list_requirements, suite_outline
from service.web.view.task_text import render_task


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* `b`", "<p><em>a</em> <code>b</code></p>"),
        ("# A\n## B\n# C", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>"),
        ("### A\n###### B", "<h3>A</h3>\n<h4>B</h4>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        (
            "[a](https://example.edu)",
            '<p><a href="https://example.edu" rel="noopener noreferrer nofollow">a</a></p>',
        ),
        ("", ""),
    ],
)
def test_markdown_becomes_plain_formatting(text: str, html: str) -> None:
    assert render_task(text).strip() == html


def test_a_picture_loads_nothing() -> None:
    assert "<img" not in render_task("![a](https://example.com/a.png)")


def test_a_table_has_a_caption_and_scopes() -> None:
    html = render_task("| a | b |\n|---|---|\n| 1 | 2 |")
    assert '<caption class="visually-hidden">A table of the task</caption>' in html
    assert html.count('<th scope="col">') == 2


@given(st.text(alphabet="<>&\"'`[]()!#*-|: \n\\/=abscriptonjv", max_size=200))
def test_no_text_becomes_anything_but_formatting(text: str) -> None:
    html = render_task(text).lower()
    for harm in ("<script", "<img", "<style", "<iframe", 'href="javascript'):
        assert harm not in html


def test_requirements_follow_from_the_suites_with_points() -> None:
    found = list_requirements({"in-place": 5.0, "functions": 0.0, "gone": 3.0})
    groups = dict(found.operations)
    assert "a += b" in groups["In place"]
    assert "Functions" not in groups
    assert "backward() sets the gradient" in found.backward[0]
    assert list_requirements({}).operations == ()


def test_a_suite_that_has_left_has_no_outline() -> None:
    outline = suite_outline("rules")
    assert outline is not None
    assert outline.title == "The rules of differentiation"
    assert suite_outline("gone") is None
