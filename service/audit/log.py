"""Write an entry of the audit, in the transaction of the change itself."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.audit.models import AuditEntry


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
