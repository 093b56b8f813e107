"""Server-rendered HTML pages: parse, call a use case, render."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, g

from service.courses.access import role_in
from service.courses.models import Course, Role
from service.feedback import wording
from service.feedback.visible_text import visible
from service.marks.release import is_held
from service.web.addresses import address_of
from service.web.pages import (
    account,
    accounts,
    archive,
    assignment_forms,
    assignments,
    audit,
    class_map,
    course_forms,
    courses,
    deletion,
    extensions,
    help,
    learn,
    links,
    operator,
    people,
    regrades,
    release,
    review,
    short_addresses,
    sign_in,
    students,
    submissions,
    upload,
)
from service.web.request import db_session
from service.web.view import text, times
from service.web.view.badges import NOT_GRADABLE, STATUSES
from service.web.view.due_dates import describe_terms
from service.web.view.highlight import highlight_python
from service.web.view.lessons import lesson_on
from service.web.view.requirements import suite_outline
from service.web.view.suite_titles import suite_title

PAGES = (
    sign_in,
    courses,
    course_forms,
    assignment_forms,
    people,
    regrades,
    audit,
    operator,
    account,
    accounts,
    links,
    assignments,
    archive,
    class_map,
    short_addresses,
    submissions,
    review,
    deletion,
    extensions,
    release,
    students,
    upload,
    help,
    learn,
)
FILTERS: dict[str, Callable[..., Any]] = {
    "address": address_of,
    "held": is_held,
    "highlight": highlight_python,
    "iso": text.iso,
    "late": text.late,
    "lesson": lesson_on,
    "lost": wording.lost,
    "as_heading": wording.as_heading,
    "in_path": text.in_path,
    "link_lines": text.link_lines,
    "local": times.local,
    "minute": times.local_minute,
    "number": wording.number,
    "points": wording.points,
    "terms": describe_terms,
    "short": wording.short,
    "status_look": STATUSES.__getitem__,
    "suite_outline": suite_outline,
    "suite_title": suite_title,
    "tests": wording.tests,
    "tolerance": wording.tolerance,
    "utc": text.utc,
    "visible": visible,
    "with_code": text.with_code,
    "with_few_digits": text.with_few_digits,
}


def register(app: Flask) -> None:
    """Add the pages, and the filters of their templates, to the application."""
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        for_information=wording.FOR_INFORMATION,
        marking=wording.MARKING,
        no_points=wording.NO_POINTS,
        not_gradable=NOT_GRADABLE,
        not_tested=wording.NOT_TESTED,
        not_everything=wording.NOT_EVERYTHING,
        role_of_viewer=_role_of_viewer,
        teaches=_teaches,
        zone_name=times.zone_name,
    )
    app.jinja_env.filters.update(FILTERS)
    app.context_processor(_viewer)


def _viewer() -> dict[str, Any]:
    # Only an account that was read before: an error page must not need the database.
    return {"viewer": g.get("account")}


def _role_of_viewer(course: Course) -> Role | None:
    """For the navigation of a course. The use case has read the role before: no other query."""
    viewer = g.get("account")
    return None if viewer is None else role_in(db_session(), viewer, course.id)


def _teaches(course: Course) -> bool:
    """Whether the viewer teaches the course."""
    return _role_of_viewer(course) is Role.TEACHER
