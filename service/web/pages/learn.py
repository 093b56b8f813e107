"""The lessons, open to everybody: rules, the worked example, and the reference engine's source.

No code of a visitor runs. Numbers come from the reference engine.
"""

from __future__ import annotations

from flask import Blueprint, render_template, request

from service.errors import NotFound
from service.web.request import current_account
from service.web.view.lessons import find_lesson, list_lessons
from service.web.view.rule_table import (
    LARGEST,
    list_derivatives,
    list_rows,
    read_number,
    show_class,
)
from service.web.view.worked_example import PROGRAM, STAGES, show_stage

blueprint = Blueprint("learn", __name__, url_prefix="/learn")

DEFAULTS = {"x": 2.0, "y": 3.0, "n": 3.0, "c": 2.0}


@blueprint.get("")
def show_lessons() -> str:
    """All lessons."""
    current_account()  # the page's header shows who is signed in
    return render_template("learn.html", lessons=list_lessons())


@blueprint.get("/rules")
def show_rules() -> str:
    """The table of rules at numbers from the address."""
    current_account()
    texts = {name: request.args.get(name, "") for name in DEFAULTS}
    chosen = {name: read_number(texts[name], DEFAULTS[name]) for name in DEFAULTS}
    wrong = {
        name: f"Use a number from -{LARGEST:,.0f} to {LARGEST:,.0f}, such as 0.5."
        for name, number in chosen.items()
        if number is None
    }
    usable = {name: DEFAULTS[name] if number is None else number for name, number in chosen.items()}
    shown = {name: texts[name] or f"{DEFAULTS[name]:g}" for name in DEFAULTS}
    rows = list_rows(**usable)
    return render_template("learn_rules.html", rows=rows, shown=shown, wrong=wrong, used=usable)


@blueprint.get("/worked-example")
def show_worked_example() -> str:
    """One step of the worked example."""
    current_account()
    text = request.args.get("step", "1")
    if text not in {str(number) for number in range(1, len(STAGES) + 1)}:
        raise NotFound(f"The worked example has steps 1 to {len(STAGES)}.")
    shown = show_stage(int(text))
    return render_template("learn_worked.html", shown=shown, stages=STAGES, program=PROGRAM)


@blueprint.get("/reference")
def show_reference() -> str:
    """The source of the reference engine."""
    current_account()
    return render_template(
        "learn_reference.html", derivatives=list_derivatives(), source=show_class()
    )


@blueprint.get("/<slug>")
def show_lesson(slug: str) -> str:
    """One lesson."""
    lesson = find_lesson(slug)
    if lesson is None:
        raise NotFound("There is no such lesson. See /learn for all of them.")
    current_account()
    lessons = list_lessons()
    place = lessons.index(lesson)
    return render_template(
        "lesson.html",
        lesson=lesson,
        before=lessons[place - 1] if place else None,
        after=lessons[place + 1] if place + 1 < len(lessons) else None,
    )
