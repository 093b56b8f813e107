"""The guides for students and teachers, open to everybody."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, render_template
from markdown_it import MarkdownIt
from markupsafe import Markup

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
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(source)
    return Markup(html.replace('.md"', '"'))  # guides link to each other by file name
