"""Tables of marks that staff set."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.people.models import Account
from service.store.base import Base, now


class Override(Base):
    """A mark that staff set by hand. Rows are only added; the newest one counts.

    A `score` of None removes an earlier override. `max_score` is what the assignment was worth at
    that time; None in rows from before it was stored.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        Index(None, "assignment_id", "student_id", "created_at"),
        CheckConstraint("score >= 0", name="score_not_negative"),
        CheckConstraint("length(trim(reason)) > 0", name="reason_given"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"))
    student_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    score: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    max_score: Mapped[float | None]

    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    student: Mapped[Account] = relationship(foreign_keys=[student_id])
