"""Tables of submissions and their gradings."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.courses.models import Assignment
from service.people.models import Account
from service.store.base import Base, now, stored_by_value
from service.telemetry import logs


class Status(StrEnum):
    """Where a grading stands: our state, never the student's mark."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    ERRORED = "errored"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to the grading."""
        return self in {Status.DONE, Status.ERRORED}


class Submission(Base):
    """One immutable upload; `attempt` is its ordinal among the student's for the assignment.

    `submitted_by_id` is the member of staff who submitted it for the student, if one did.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("assignment_id", "student_id", "attempt"),
        UniqueConstraint("assignment_id", "student_id", "idempotency_key"),
        Index(None, "assignment_id", "submitted_at"),
        Index(None, "student_id", "submitted_at"),
        CheckConstraint("attempt > 0", name="attempt_positive"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    assignment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("assignments.id"))
    student_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("accounts.id"))
    attempt: Mapped[int]
    filename: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    idempotency_key: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime] = mapped_column(default=now)
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )

    assignment: Mapped[Assignment] = relationship()
    student: Mapped[Account] = relationship(foreign_keys=[student_id])
    submitted_by: Mapped[Account | None] = relationship(foreign_keys=[submitted_by_id])
    gradings: Mapped[list[Grading]] = relationship(
        back_populates="submission",
        primaryjoin="and_(Submission.id == Grading.submission_id, ~Grading.preview)",
        order_by="Grading.ordinal",
    )

    @property
    def grading(self) -> Grading:
        """The newest grading: it shows what is being done, or was tried last."""
        return self.gradings[-1]

    @property
    def counting(self) -> Grading:
        """The newest grading with a result, else the newest: a regrade never hides a result."""
        done = [grading for grading in self.gradings if grading.status is Status.DONE]
        return done[-1] if done else self.gradings[-1]

    @property
    def spends_attempt(self) -> bool:
        """Whether it uses up one of the student's attempts.

        A file that could not be graded spends none, whether it was the file's fault or ours. One
        that isn't graded yet does. `service.submissions.admission` has the same rule in SQL.
        """
        return any(
            grading.status is not Status.ERRORED and grading.problem is None
            for grading in self.gradings
        )


class Grading(Base):
    """One execution of one submission. A regrade is a new grading with the next ordinal.

    `enqueued_at` is when a worker was last woken for it, `lease_until` how long its present worker
    may take, `fault` what went wrong on our side (never the student's doing). `tally` is for class
    maps (see `worker.report.tally`). `problem` is the kind of problem that stopped the whole file,
    and None if tests ran or may still run. `report` holds reports of earlier versions only; see
    `service.submissions.stored_reports`.

    `student_id` and `course_id` are those of the submission, repeated for the fair order of the
    queue. They are None in rows of a web process of an earlier version. `slot` is the name of the
    slot that runs it or has ended it, `interruptions` how many claims ended because their slot
    stopped, and `cpu_seconds` what the student's program used, once the grading is done.

    `suites_digest` says which versions of suites, and which points, a done grading used; see
    `service.submissions.suites_digest`. It's None in rows of earlier versions.

    `request_id` is the id of the web request that queued it, for the worker's log. It's None if no
    request did, and in rows of earlier versions.

    A `preview` belongs to a regrade that isn't applied. `Submission.gradings` leaves it out, and no
    mark counts it.
    """

    __tablename__ = "gradings"
    __table_args__ = (
        UniqueConstraint("submission_id", "ordinal"),
        Index(None, "status", "lease_until"),
        Index(None, "started_at", "enqueued_at"),
        Index(
            "ix_gradings_in_line", "status", "student_id", "course_id", "ordinal", "queued_at", "id"
        ),
        Index(
            "ix_gradings_used", "finished_at", "student_id", "course_id", "ordinal", "cpu_seconds"
        ),
        Index(
            "ix_gradings_with_report",
            "id",
            sqlite_where=text("report IS NOT NULL"),
            postgresql_where=text("report IS NOT NULL"),
        ),
        CheckConstraint("report IS NULL OR status = 'done'", name="done_has_report"),
        CheckConstraint("(status = 'done') = (score IS NOT NULL)", name="done_has_score"),
        CheckConstraint(
            "(status = 'running') = (lease_until IS NOT NULL)", name="running_has_lease"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    ordinal: Mapped[int] = mapped_column(default=1)
    status: Mapped[Status] = mapped_column(stored_by_value(Status), default=Status.QUEUED)
    tries: Mapped[int] = mapped_column(default=0)
    seed: Mapped[int]
    queued_at: Mapped[datetime] = mapped_column(default=now)
    enqueued_at: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    score: Mapped[float | None]
    max_score: Mapped[float | None]
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    fault: Mapped[str | None] = mapped_column(Text)
    tally: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    problem: Mapped[str | None] = mapped_column(Text)
    student_id: Mapped[uuid.UUID | None]
    course_id: Mapped[uuid.UUID | None]
    cpu_seconds: Mapped[float | None]
    slot: Mapped[str | None] = mapped_column(Text)
    interruptions: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    preview: Mapped[bool] = mapped_column(default=False, server_default=false())
    suites_digest: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text, default=lambda: logs.current("request"))

    submission: Mapped[Submission] = relationship(back_populates="gradings")


class SlotSeen(Base):
    """A slot of a worker, which grades one submission at a time, and when it last said so.

    `layers` are those of its sandbox, with a space between two names.

    Only `service.submissions.slots` reads and writes it.
    """

    __tablename__ = "slots"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    seen_at: Mapped[datetime]
    layers: Mapped[str | None] = mapped_column(Text)


class StoredReport(Base):
    """A grading's report: a summary for pages, and everything, both as compressed JSON.

    Only `service.submissions.stored_reports` reads and writes it.
    """

    __tablename__ = "reports"

    grading_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("gradings.id", ondelete="CASCADE"), primary_key=True
    )
    summary: Mapped[bytes]
    report: Mapped[bytes]
