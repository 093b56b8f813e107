"""The lessons: a Markdown file each, with formulas and drawings of graphs.

A file begins with `title:`, `order:`, `about:` and perhaps `rules:`, the rules that it teaches. A
code block named `graph` is a program of a suite's kind, which is drawn with its numbers. Formulas
stand between dollars: $x$ in a line, $$x$$ by themselves. To add a lesson, add its file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup
from math_core import LatexToMathML

from service.web.view.drawing import Drawing, draw_graph
from service.web.view.graph_svg import GraphPicture, paint
from service.web.view.highlight import highlight_python
from worker.graph import parse
from worker.reference.engine import evaluate

FOLDER = Path(__file__).parents[1] / "lessons"

_graph = re.compile(r"^```graph\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_code_or_math = re.compile(r"```.*?```|`[^`\n]+`|\$\$(.+?)\$\$|\$(.+?)\$", re.DOTALL)
_formula = re.compile("formula([0-9]+)elumrof")


@dataclass(frozen=True, slots=True)
class Prose:
    """A part of a lesson as HTML."""

    html: Markup


@dataclass(frozen=True, slots=True)
class Example:
    """A part of a lesson: a program, and its graph."""

    program: str
    drawing: Drawing
    picture: GraphPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson. `about` is a sentence for lists, `rules` are names of rules that it teaches."""

    slug: str
    title: str
    about: str
    order: int
    rules: tuple[str, ...]
    parts: tuple[Prose | Example, ...]


@cache
def list_lessons() -> tuple[Lesson, ...]:
    """All lessons in their order."""
    lessons = (_read(file) for file in FOLDER.glob("*.md"))
    return tuple(sorted(lessons, key=lambda lesson: lesson.order))


def find_lesson(slug: str) -> Lesson | None:
    """The lesson of that name in addresses."""
    return next((lesson for lesson in list_lessons() if lesson.slug == slug), None)


def lesson_on(rule: str | None) -> Lesson | None:
    """The lesson that teaches a rule."""
    return next((lesson for lesson in list_lessons() if rule in lesson.rules), None)


def _read(file: Path) -> Lesson:
    head, _, body = file.read_text(encoding="utf-8").partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    pieces = _graph.split(body)
    parts: list[Prose | Example] = []
    for position, piece in enumerate(pieces):
        if position % 2:
            parts.append(draw_example(piece))
        else:
            parts.append(Prose(render(piece)))
    return Lesson(
        slug=file.stem,
        title=fields["title"],
        about=fields["about"],
        order=int(fields["order"]),
        rules=tuple(fields["rules"].split(", ")) if "rules" in fields else (),
        parts=tuple(parts),
    )


def draw_example(program: str) -> Example:
    """A program with its drawing; every number is the reference's."""
    graph = parse(program)
    right = evaluate(graph)
    drawing = draw_graph("A graph with its numbers", graph, [], data=right.data, grad=right.grad)
    return Example(program.strip(), drawing, paint(drawing))


def render(text: str) -> Markup:
    """Markdown of ours as HTML, with formulas as MathML."""
    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found[1] is None and found[2] is None:
            return found[0]  # code
        formulas.append(to_mathml(found[1] or found[2], alone=found[1] is not None))
        return f"formula{len(formulas) - 1}elumrof"

    marked = _code_or_math.sub(keep, text)
    html = _markdown.render(marked)
    return Markup(_formula.sub(lambda found: formulas[int(found[1])], html))


@cache
def to_mathml(latex: str, *, alone: bool = False) -> str:
    """A formula as MathML. One that stands `alone` is larger, and centred."""
    return LatexToMathML().convert_with_local_state(latex.strip(), displaystyle=alone)


def _highlight(code: str, language: str, _: str) -> str:
    del language  # there is only Python
    return f'<pre class="program" tabindex="0"><code>{highlight_python(code.strip())}</code></pre>'


_markdown = MarkdownIt("commonmark", {"html": False, "highlight": _highlight}).enable("table")
