"""The tables. Rules that must hold are constraints here."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from service.seeds import derive_seed, draw_seed


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no time zones: there it is stored naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment back aware."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(enum: type[StrEnum]) -> Enum:
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
        length=16,
        name=enum.__name__.lower(),
    )


class Base(DeclarativeBase):
    """Naming convention and types for all tables."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it as a class attribute
        datetime: UtcDateTime,
        uuid.UUID: Uuid,
        dict[str, Any]: JSON,
    }


class Role(StrEnum):
    """A person's part in a course."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    TEACHER = "teacher"


class LatePolicy(StrEnum):
    """What happens to a submission after the deadline."""

    ACCEPT = "accept"
    REFUSE = "refuse"


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


class Account(Base):
    """A person. `email` is kept in lower case; without a password only tokens get in."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower_case"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    email: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    student_number: Mapped[str] = mapped_column(Text, default="")
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="account")


class Token(Base):
    """An API token; only its SHA-256 is kept."""

    __tablename__ = "tokens"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()


class Course(Base):
    """A class."""

    __tablename__ = "courses"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="course", order_by="(Assignment.created_at, Assignment.slug)"
    )
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="course")


class Enrolment(Base):
    """A person's place in a course."""

    __tablename__ = "enrolments"

    course_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(_values(Role))

    course: Mapped[Course] = relationship(back_populates="enrolments")
    account: Mapped[Account] = relationship(back_populates="enrolments")


class Assignment(Base):
    """What a teacher sets. Its slug is unique in the installation: it is the API's address.

    The names are those that an engine's parts must have, each where it is set. All students get
    the same random graphs, drawn from `seed`, unless each draws their own.
    """

    __tablename__ = "assignments"
    __table_args__ = (CheckConstraint("attempt_limit > 0", name="attempt_limit_positive"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    deadline: Mapped[datetime | None]
    late_policy: Mapped[LatePolicy] = mapped_column(_values(LatePolicy), default=LatePolicy.ACCEPT)
    closed_at: Mapped[datetime | None]
    attempt_limit: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    class_name: Mapped[str | None] = mapped_column(Text)
    data_name: Mapped[str | None] = mapped_column(Text)
    grad_name: Mapped[str | None] = mapped_column(Text)
    backward_name: Mapped[str | None] = mapped_column(Text)
    seed: Mapped[int] = mapped_column(default=draw_seed, server_default="0")
    draw_per_student: Mapped[bool] = mapped_column(default=False, server_default=false())

    course: Mapped[Course] = relationship(back_populates="assignments")
    suites: Mapped[list[AssignmentSuite]] = relationship(
        order_by="AssignmentSuite.position", cascade="all, delete-orphan"
    )

    @property
    def max_score(self) -> float:
        """The points that all suites together give."""
        return sum(suite.weight for suite in self.suites)

    @property
    def asks_for_names(self) -> bool:
        """Whether a part of the engine must have a certain name."""
        return any((self.class_name, self.data_name, self.grad_name, self.backward_name))

    def seed_of(self, student: Account) -> int:
        """What a student's random graphs are drawn from, at every attempt."""
        return derive_seed(self.seed, student.id) if self.draw_per_student else self.seed

    def closed(self, moment: datetime) -> bool:
        """Whether a submission at this moment is refused."""
        if self.closed_at is not None and moment >= self.closed_at:
            return True
        return self.deadline_closed(moment)

    def deadline_closed(self, moment: datetime) -> bool:
        """Whether the deadline has passed and what is late is refused."""
        return (
            self.deadline is not None
            and moment > self.deadline
            and self.late_policy is LatePolicy.REFUSE
        )


class AssignmentSuite(Base):
    """A suite that an assignment is graded by; `weight` is its points."""

    __tablename__ = "assignment_suites"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)

    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    suite: Mapped[str] = mapped_column(Text, primary_key=True)
    weight: Mapped[float]
    position: Mapped[int]


class Submission(Base):
    """One immutable upload; `attempt` is its ordinal among the student's for the assignment."""

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

    assignment: Mapped[Assignment] = relationship()
    student: Mapped[Account] = relationship()
    gradings: Mapped[list[Grading]] = relationship(
        back_populates="submission", order_by="Grading.ordinal"
    )

    @property
    def grading(self) -> Grading:
        """The newest grading: it tells what is being done, or was tried last."""
        return self.gradings[-1]

    @property
    def counting(self) -> Grading:
        """The newest grading with a result, else the newest: a regrade takes nothing away."""
        done = [grading for grading in self.gradings if grading.status is Status.DONE]
        return done[-1] if done else self.gradings[-1]


class Grading(Base):
    """One execution of one submission. A regrade is a new grading with the next ordinal.

    `enqueued_at` is when a worker was last told of it, `lease_until` how long its present worker
    may take, `fault` what went wrong on our side (never the student's doing). A report is large:
    it and its tally (see `worker.report.tally`) are read only where they are used.
    """

    __tablename__ = "gradings"
    __table_args__ = (
        UniqueConstraint("submission_id", "ordinal"),
        Index(None, "status", "lease_until"),
        Index(None, "started_at", "enqueued_at"),
        CheckConstraint("(status = 'done') = (report IS NOT NULL)", name="done_has_report"),
        CheckConstraint("(status = 'done') = (score IS NOT NULL)", name="done_has_score"),
        CheckConstraint(
            "(status = 'running') = (lease_until IS NOT NULL)", name="running_has_lease"
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    submission_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("submissions.id"))
    ordinal: Mapped[int] = mapped_column(default=1)
    status: Mapped[Status] = mapped_column(_values(Status), default=Status.QUEUED)
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

    submission: Mapped[Submission] = relationship(back_populates="gradings")


class Override(Base):
    """A teacher's mark in place of the computed one. Append-only: the newest row counts.

    `score` None takes an earlier override back. `max_score` is what it was given of; None where
    that was not kept.
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
