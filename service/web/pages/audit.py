"""The audit of a course as a page, with filters that are links."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from service.courses.audit import AuditFilter, audit_choices, read_audit
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
    days = request.args.get("days", "")
    wanted = AuditFilter(
        person=request.args.get("person") or None,
        action=request.args.get("action") or None,
        since=now() - timedelta(days=int(days)) if days in DAYS else None,
        before=request.args.get("before") or None,
    )
    page = read_audit(db_session(), account, found, wanted)
    choices = audit_choices(db_session(), account, found)
    chosen = {"person": wanted.person or "", "action": wanted.action or "", "days": days}

    def link(**changes: str) -> str:
        """The address of this page with other filters, from its first entry on."""
        query = {name: value for name, value in (chosen | changes).items() if value}
        return f"/courses/{found.slug}/audit" + (f"?{urlencode(query)}" if query else "")

    return render_template(
        "audit.html",
        course=found,
        lines=list_lines(page),
        older=link(before=page.last) if page.last else "",
        newest=link() if wanted.before else "",
        filters=[
            (
                "Who",
                [("Everybody", link(person=""), not chosen["person"])]
                + [
                    (each.name, link(person=each.email), each.email == chosen["person"])
                    for each in choices.people
                ],
            ),
            (
                "What",
                [("Everything", link(action=""), not chosen["action"])]
                + [
                    (describe_action(each), link(action=each), each == chosen["action"])
                    for each in choices.actions
                ],
            ),
            (
                "When",
                [("At any time", link(days=""), days not in DAYS)]
                + [
                    (text.capitalize(), link(days=each), each == days)
                    for each, text in DAYS.items()
                ],
            ),
        ],
        filtered=any(chosen.values()),
    )
