"""The class at a glance, for staff, and a page to print for the next lecture."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from service.courses.models import Assignment
from service.marks.class_map import group_cases, read_development, read_insights
from service.people.models import Account
from service.store.base import now
from service.web.addresses import LONG
from service.web.found import assignment_of_page
from service.web.request import db_session, require_account
from service.web.view.class_map import (
    show_mistakes,
    show_problems,
    show_same_numbers,
    show_timeline,
)

blueprint = Blueprint("class_map", __name__, url_prefix=LONG)

MOST_FAILURES = 15  # tests that are listed; the others are folded
MOST_IN_LECTURE = 3  # mistakes
MOST_MISTAKES = 5  # that are shown with a drawing


@blueprint.get("/lecture")
def show_lecture(course: str, slug: str) -> str:
    """The commonest mistakes to talk about, without a name of anybody."""
    account = require_account()
    assignment = assignment_of_page(account, course, slug)
    insights = read_insights(db_session(), account, assignment)
    return render_template(
        "lecture.html",
        assignment=assignment,
        insights=insights,
        mistakes=show_mistakes(insights, drawn=MOST_IN_LECTURE)[:MOST_IN_LECTURE],
        moment=now(),
    )


def read_class(account: Account, assignment: Assignment) -> dict[str, Any]:
    """The values of `_class.html`, in a fixed number of queries."""
    insights = read_insights(db_session(), account, assignment)
    students = [mark.student for mark in insights.marks]
    development = read_development(db_session(), account, assignment, students)
    same_numbers, like_nobody = show_same_numbers(insights)
    return {
        "insights": insights,
        "failures": group_cases(insights.tested),
        "mistakes": show_mistakes(insights, development, drawn=MOST_MISTAKES),
        "most_mistakes": MOST_MISTAKES,
        "problems": show_problems(insights),
        "same_numbers": same_numbers,
        "like_nobody": like_nobody,
        "chart": show_timeline(development.timeline),
        "equal_files": development.equal_files,
        "most_failures": MOST_FAILURES,
    }
