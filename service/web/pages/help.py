"""The guides for students and teachers, open to everybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from service.courses.slugs import slug_of
from service.errors import NotFound
from service.web.request import current_account

blueprint = Blueprint("help", __name__)

GUIDES = {"students": "For students", "teachers": "For teachers"}
INSTALLED = Path(__file__).parents[1] / "help"  # in the wheel; see pyproject.toml
SOURCES = Path(__file__).parents[3] / "docs"


@blueprint.get("/help/<guide>")
def show_guide(guide: str) -> str:
    """A guide, rendered from its Markdown file."""
    if guide not in GUIDES:
        raise NotFound("There is no such guide. See /help/students or /help/teachers.")
    current_account()  # the page's header shows who is signed in
    return render_template("help.html", title=GUIDES[guide], guide=_render(guide))


@cache
def _render(guide: str) -> Markup:
    folder = INSTALLED if INSTALLED.is_dir() else SOURCES
    source = (folder / f"{guide}.md").read_text(encoding="utf-8")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    html = markdown.renderer.render(_label(markdown.parse(source)), markdown.options, {})
    return Markup(html.replace('.md"', '"'))  # guides link to each other by file name


def _label(tokens: list[Token]) -> list[Token]:
    """Give headings an id for links, and tables a caption with headers of rows and columns."""
    labelled: list[Token] = []
    heading, is_first_cell = "", False
    for token, following in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and following is not None:
            heading = following.content
            token.attrSet("id", slug_of(heading))
        elif token.type == "tr_open":
            is_first_cell = True
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "td_open" and is_first_cell:
            token.tag = "th"
            token.attrSet("scope", "row")
        elif token.type == "td_close" and is_first_cell:
            token.tag, is_first_cell = "th", False
        labelled.append(token)
        if token.type == "table_open":
            labelled += [
                Token("caption_open", "caption", 1, attrs={"class": "visually-hidden"}),
                Token("text", "", 0, content=heading),
                Token("caption_close", "caption", -1),
            ]
    return labelled
