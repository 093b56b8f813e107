"""The task text of an assignment: Markdown as HTML that is safe to show."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {
    *("h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s"),
    *("ul", "ol", "li", "a", "table", "caption", "thead", "tbody", "tr", "th", "td"),
}
FIRST_LEVEL = 3  # headings of the text are below those of the page
LAST_LEVEL = 6
CAPTIONED = '<table><caption class="visually-hidden">A table of the task</caption>'


def render_task(text: str) -> Markup:
    """Markdown as HTML. Raw HTML is shown as text, and pictures as links."""
    tokens = _PARSER.parse(text)
    levels = sorted({token.tag for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(FIRST_LEVEL + levels.index(token.tag), LAST_LEVEL)}"
        elif token.type == "th_open":
            token.attrSet("scope", "col")
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    # The parser writes no other tags; nothing unsafe passes even if it has a fault.
    clean = nh3.clean(
        str(html).replace("<table>", CAPTIONED),
        tags=TAGS,
        attributes={
            "a": {"href", "title"},
            "caption": {"class"},
            "ol": {"start"},
            "th": {"scope"},
        },
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)


_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_PARSER.disable("image")
