"""Tables of marks that staff set, comments and regrades."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.people.models import Account
from service.store.base import Base, now, stored_by_value


class Override(Base):
    """A mark that staff set by hand. Rows are only added; the newest one counts.

    A `score` of None removes an earlier override. `max_score` is what the assignment was worth at
    that time; None in rows from before it was stored. `submission_id` is None for a student who
    submitted nothing.
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
    submission_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("submissions.id"), index=True
    )
    score: Mapped[float | None]
    reason: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    max_score: Mapped[float | None]

    author: Mapped[Account] = relationship(foreign_keys=[author_id])
    student: Mapped[Account] = relationship(foreign_keys=[student_id])


class Comment(Base):
    """What staff say about a submission, or about a line of its source (the first is 1).

    `read_at` is when the student first saw it.
    """

    __tablename__ = "comments"
    __table_args__ = (CheckConstraint("line > 0", name="line_positive"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    submission_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    line: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    read_at: Mapped[datetime | None]

    author: Mapped[Account] = relationship()


class Which(StrEnum):
    """Which submissions of an assignment are graded again."""

    ALL = "all"
    COUNTING = "counting"
    LATEST = "latest"


class RegradeStatus(StrEnum):
    """Where a regrade of an assignment stands."""

    RUNNING = "running"
    READY = "ready"
    APPLIED = "applied"
    UNDONE = "undone"
    CANCELLED = "cancelled"


class Regrade(Base):
    """Submissions of an assignment that are graded again, first as a preview."""

    __tablename__ = "regrades"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), index=True
    )
    which: Mapped[Which] = mapped_column(stored_by_value(Which))
    status: Mapped[RegradeStatus] = mapped_column(
        stored_by_value(RegradeStatus), default=RegradeStatus.RUNNING
    )
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    entries: Mapped[list[RegradeEntry]] = relationship(cascade="all, delete-orphan")

    @property
    def open(self) -> bool:
        """Whether it can still be applied or cancelled."""
        return self.status in {RegradeStatus.RUNNING, RegradeStatus.READY}


class RegradeEntry(Base):
    """A submission of a regrade: its new grading, and the one that counted before."""

    __tablename__ = "regrade_entries"

    regrade_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("regrades.id", ondelete="CASCADE"), primary_key=True
    )
    grading_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    before_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("gradings.id", ondelete="SET NULL"), index=True
    )
