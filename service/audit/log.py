"""Write an entry of the audit, in the transaction of the change itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from service.audit.models import AuditEntry

FREE_TEXT = frozenset({"title", "description", "name", "student_number", "reason"})


def record(
    session: Session,
    actor_id: uuid.UUID | None,
    action: str,
    *,
    course_id: uuid.UUID | None = None,
    assignment_id: uuid.UUID | None = None,
    submission_id: uuid.UUID | None = None,
    account_id: uuid.UUID | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry; the caller commits.

    `action` is a noun and a verb, such as `assignment.changed`. `account_id` is whom it concerns.
    `before` and `after` are JSON values by field, without names, addresses and free text.
    """
    session.add(
        AuditEntry(
            actor_id=actor_id,
            action=action,
            course_id=course_id,
            assignment_id=assignment_id,
            submission_id=submission_id,
            account_id=account_id,
            before=None if before is None else dict(before),
            after=None if after is None else dict(after),
        )
    )


def record_change(
    session: Session,
    actor_id: uuid.UUID | None,
    action: str,
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    **concerns: uuid.UUID | None,
) -> None:
    """Add an entry with the fields that differ; no entry if none does. The caller commits.

    `concerns` are the ids that `record` takes. Of a free text, only its length is kept.
    """
    changed = [name for name, value in after.items() if before.get(name) != value]
    if changed:
        record(
            session,
            actor_id,
            action,
            before={name: _keep(name, before.get(name)) for name in changed},
            after=describe({name: after[name] for name in changed}),
            **concerns,
        )


def describe(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an entry keeps them: JSON, with the length of a free text in place of the text."""
    return {name: _keep(name, value) for name, value in values.items()}


def _keep(name: str, value: Any) -> Any:
    if name in FREE_TEXT:
        return None if value is None else {"characters": len(str(value))}
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value
