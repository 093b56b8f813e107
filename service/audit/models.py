"""The table of the audit."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.store.base import Base, now


class AuditEntry(Base):
    """One change by staff. The database rejects every change of an entry.

    Entries refer by ids alone, so that deleting a person or a course leaves them as they are.
    `before` and `after` have the changed fields, and never names, addresses or free text.
    `actor_id` is None for a command on the server.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "course_id", "happened_at"),
        Index(None, "happened_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    happened_at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str] = mapped_column(Text)
    course_id: Mapped[uuid.UUID | None]
    assignment_id: Mapped[uuid.UUID | None]
    submission_id: Mapped[uuid.UUID | None]
    account_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
