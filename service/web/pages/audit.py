"""The audits as pages, with filters that are links: of a course, and of the installation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from service.courses.audit import (
    AuditChoices,
    AuditFilter,
    AuditPage,
    audit_choices,
    installation_audit_choices,
    read_audit,
    read_installation_audit,
)
from service.courses.models import Course
from service.store.base import now
from service.web.found import course_of_page
from service.web.request import db_session, require_account
from service.web.view.audit import describe_action, list_lines

blueprint = Blueprint("audit", __name__)

DAYS = {"1": "the last day", "7": "the last week", "30": "the last 30 days"}


@blueprint.get("/courses/<course>/audit")
def show_audit(course: str) -> str:
    """The changes by staff, the newest first."""
    account = require_account()
    found = course_of_page(account, course)
    page = read_audit(db_session(), account, found, _wanted())
    return _render(page, audit_choices(db_session(), account, found), found)


@blueprint.get("/audit")
def show_installation_audit() -> str:
    """What happened outside of courses, the newest first."""
    account = require_account()
    page = read_installation_audit(db_session(), account, _wanted())
    return _render(page, installation_audit_choices(db_session(), account), None)


@dataclass(frozen=True, slots=True)
class FilterLink:
    """A choice of a filter, and the address of the page with it."""

    text: str
    address: str
    chosen: bool


def _wanted() -> AuditFilter:
    """The entries that the request asks for."""
    days = request.args.get("days", "")
    return AuditFilter(
        person=request.args.get("person") or None,
        action=request.args.get("action") or None,
        since=now() - timedelta(days=int(days)) if days in DAYS else None,
        before=request.args.get("before") or None,
    )


def _render(page: AuditPage, choices: AuditChoices, course: Course | None) -> str:
    return render_template(
        "audit.html",
        course=course,
        lines=list_lines(page),
        older=_link(before=page.last) if page.last else "",
        newest=_link() if request.args.get("before") else "",
        filters={
            "Who": _filter(
                "person", "Everybody", {each.email: each.name for each in choices.people}
            ),
            "What": _filter(
                "action", "Everything", {each: describe_action(each) for each in choices.actions}
            ),
            "When": _filter(
                "days", "At any time", {days: text.capitalize() for days, text in DAYS.items()}
            ),
        },
        filtered=any(_chosen().values()),
    )


def _filter(name: str, everything: str, choices: dict[str, str]) -> list[FilterLink]:
    chosen = _chosen()[name]
    return [
        FilterLink(text, _link(**{name: value}), value == chosen)
        for value, text in {"": everything, **choices}.items()
    ]


def _link(**changes: str) -> str:
    """The address of this page with other filters, from its first entry on."""
    query = {name: value for name, value in (_chosen() | changes).items() if value}
    return request.path + (f"?{urlencode(query)}" if query else "")


def _chosen() -> dict[str, str]:
    days = request.args.get("days", "")
    return {
        "person": request.args.get("person", ""),
        "action": request.args.get("action", ""),
        "days": days if days in DAYS else "",
    }
