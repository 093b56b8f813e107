"""Entries of the audit in words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from service.audit.models import AuditEntry
from service.courses.audit import AuditPage
from service.web.view.times import local

SERVER = "A command on the server"
DELETED = "A deleted account"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")

ACTIONS: Mapping[str, str] = {
    "course.created": "Created the course",
    "course.changed": "Changed the course",
    "course.deleted": "Deleted the course",
    "assignment.created": "Created an assignment",
    "assignment.changed": "Changed an assignment",
    "assignment.closed": "Closed an assignment",
    "assignment.opened": "Opened an assignment again",
    "assignment.deleted": "Deleted an assignment",
    "account.created": "Created an account",
    "account.changed": "Changed an account",
    "account.deleted": "Deleted an account",
    "link.created": "Created a one-time link",
    "operator.created": "Set up the installation as its first operator",
    "password.reset": "Set a new password for a person",
    "password.self_changed": "Changed their own password",
    "sessions.ended": "Signed a person out everywhere",
    "token.created": "Created an API token",
    "token.revoked": "Revoked API tokens",
    "failures.run_again": "Ran again what failed on our side",
    "join_code.created": "Created a join code",
    "join_code.revoked": "Revoked a join code",
    "enrolment.created": "Enrolled a person",
    "enrolment.self_created": "Enrolled themselves",
    "enrolment.changed": "Changed a person's role",
    "enrolment.removed": "Removed a person from the course",
    "extension.set": "Gave an extension",
    "extension.removed": "Removed an extension",
    "marks.released": "Released the marks",
    "override.set": "Set a mark by hand",
    "override.removed": "Removed a mark set by hand",
    "submission.made_for_student": "Submitted for a student",
    "submission.regraded": "Graded a submission again",
    "regrade.started": "Started a regrade",
    "regrade.applied": "Applied a regrade",
    "regrade.undone": "Undid a regrade",
    "regrade.cancelled": "Cancelled a regrade",
    "comment.added": "Commented on a submission",
    "comment.deleted": "Deleted a comment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """A field, and its values before and after as text; empty if there was none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as the page shows it. `assignment` is a title; `link` leads to what it is about."""

    at: datetime
    who: str
    what: str
    whom: str
    assignment: str
    link: str
    changes: tuple[FieldChange, ...]


def describe_action(action: str) -> str:
    """An action in words. One without words of its own is shown by its name.

    >>> describe_action("course.created")
    'Created the course'
    >>> describe_action("join_code.made_longer")
    'Join code: made longer'
    """
    noun, _, verb = action.replace("_", " ").partition(".")
    return ACTIONS.get(action) or f"{noun.capitalize()}: {verb}"


def list_lines(page: AuditPage) -> list[Line]:
    """The entries of a page in words."""
    return [
        Line(
            at=entry.happened_at,
            who=SERVER if entry.actor_id is None else _name(page, entry.actor_id),
            what=describe_action(entry.action),
            whom="" if entry.account_id is None else _name(page, entry.account_id),
            assignment=page.assignments[entry.assignment_id].title
            if entry.assignment_id in page.assignments
            else "",
            link=f"/submissions/{entry.submission_id}/review" if entry.submission_id else "",
            changes=tuple(_changes(entry)),
        )
        for entry in page.entries
    ]


def _name(page: AuditPage, account_id: UUID) -> str:
    account = page.accounts.get(account_id)
    return DELETED if account is None or account.deleted_at is not None else account.name


def _changes(entry: AuditEntry) -> list[FieldChange]:
    before, after = entry.before or {}, entry.after or {}
    return [
        FieldChange(
            name=name.replace("_", " "),
            before=show_value(before[name]) if name in before else "",
            after=show_value(after[name]) if name in after else "",
        )
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name) or name not in before
    ]


def show_value(value: Any) -> str:
    """A value of an entry in words."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        if value.keys() == {"characters"}:
            return f"{value['characters']} characters"
        return ", ".join(f"{name} {show_value(each)}" for name, each in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(map(_show_item, value)) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        return local(datetime.fromisoformat(value)) if MOMENT.fullmatch(value) else value
    return json.dumps(value)


def _show_item(item: Any) -> str:
    """An item of a list; a suite is its name and its points."""
    if isinstance(item, dict) and item.keys() == {"name", "points"}:
        return f"{item['name']} {show_value(item['points'])}"
    return show_value(item)
