"""The audit of a course, and the one of the installation."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from service.courses.audit import (
    MOST,
    SHOWN,
    AuditFilter,
    AuditPage,
    read_audit,
    read_installation_audit,
)
from service.courses.courses import find_course
from service.people.models import Account
from service.web.api.operation import Answer, Query, operation

blueprint = Blueprint("api_audit", __name__)


class AuditQuery(Query):
    """Which entries. `person` is the e-mail of who did it, `before` the last entry you have."""

    person: str | None = Field(None, description="Only changes by the person with this e-mail.")
    action: str | None = Field(None, description="Only this action, such as `override.set`.")
    since: AwareDatetime | None = Field(None, description="Only entries from this moment on.")
    until: AwareDatetime | None = Field(None, description="Only entries up to this moment.")
    before: str | None = Field(
        None, description="List older ones: the `next` of the previous answer."
    )
    limit: int = Field(
        default=SHOWN, ge=1, le=MOST, description="How many entries to list at most."
    )

    @property
    def filter(self) -> AuditFilter:
        """The same for the use case."""
        return AuditFilter(
            person=self.person,
            action=self.action,
            since=self.since,
            until=self.until,
            before=self.before,
            limit=self.limit,
        )


class Entry(Answer):
    """A change by staff. `by` is null for a command on the server and for a deleted account.

    `account` is whom it concerns. `before` and `after` have the fields that changed.
    """

    id: uuid.UUID
    at: datetime
    by: str | None
    deleted: bool
    action: str
    assignment: str | None
    submission: uuid.UUID | None
    account: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Entries(Answer):
    """Entries, the newest first. `next` is the `before` of the next page; null at the end."""

    entries: list[Entry]
    next: str | None


@blueprint.get("/courses/<course>/audit")
@operation("Read who changed what in a course (teachers)", errors=(403,))
def read(actor: Account, session: Session, query: AuditQuery, course: str) -> Entries:
    """Read the audit of a course, a page at a time."""
    found = find_course(session, actor, course)
    return _to_answer(read_audit(session, actor, found, query.filter))


@blueprint.get("/audit")
@operation("Read who changed what outside of courses (operators)", errors=(403,))
def read_outside(actor: Account, session: Session, query: AuditQuery) -> Entries:
    """Read the audit of the installation: accounts, operators' acts, deletions of courses."""
    return _to_answer(read_installation_audit(session, actor, query.filter))


def _to_answer(page: AuditPage) -> Entries:
    def email(account_id: uuid.UUID | None) -> str | None:
        account = None if account_id is None else page.accounts.get(account_id)
        return None if account is None or account.deleted_at is not None else account.email

    entries = [
        Entry(
            id=each.id,
            at=each.happened_at,
            by=email(each.actor_id),
            deleted=each.actor_id is not None and email(each.actor_id) is None,
            action=each.action,
            assignment=page.assignments[each.assignment_id].slug
            if each.assignment_id in page.assignments
            else None,
            submission=each.submission_id,
            account=email(each.account_id),
            before=each.before,
            after=each.after,
        )
        for each in page.entries
    ]
    return Entries(entries=entries, next=page.last)
