"""Tables of courses: enrolments, assignments and their suites."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Text,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.courses.seeds import derive_seed, generate_seed
from service.people.models import Account
from service.store.base import Base, now, stored_by_value
from worker.report.names import Names


class Role(StrEnum):
    """What a person is in a course."""

    STUDENT = "student"
    ASSISTANT = "assistant"
    TEACHER = "teacher"


class LatePolicy(StrEnum):
    """What happens to a submission after the deadline."""

    ACCEPT = "accept"
    REFUSE = "refuse"


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
    """A person is in a course, with a role."""

    __tablename__ = "enrolments"

    course_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(stored_by_value(Role))

    course: Mapped[Course] = relationship(back_populates="enrolments")
    account: Mapped[Account] = relationship()


class Assignment(Base):
    """What a teacher sets for a course. Its slug is unique in the installation.

    `names` are those that the parts of an engine must have; None leaves a part free. All students
    get the same random graphs, generated from `seed`, unless `draw_per_student` is set. Engines of
    single precision are wrong if `require_double` is set.

    To add an option, see the recipe in CONTRIBUTING.md.
    """

    __tablename__ = "assignments"
    __table_args__ = (CheckConstraint("attempt_limit > 0", name="attempt_limit_positive"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    deadline: Mapped[datetime | None]
    late_policy: Mapped[LatePolicy] = mapped_column(
        stored_by_value(LatePolicy), default=LatePolicy.ACCEPT
    )
    closed_at: Mapped[datetime | None]
    attempt_limit: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    class_name: Mapped[str | None] = mapped_column(Text)
    data_name: Mapped[str | None] = mapped_column(Text)
    grad_name: Mapped[str | None] = mapped_column(Text)
    backward_name: Mapped[str | None] = mapped_column(Text)
    seed: Mapped[int] = mapped_column(default=generate_seed, server_default="0")
    draw_per_student: Mapped[bool] = mapped_column(default=False, server_default=false())
    require_double: Mapped[bool] = mapped_column(default=False, server_default=false())

    course: Mapped[Course] = relationship(back_populates="assignments")
    suites: Mapped[list[AssignmentSuite]] = relationship(
        order_by="AssignmentSuite.position", cascade="all, delete-orphan"
    )

    @property
    def max_score(self) -> float:
        """The points that all suites together give."""
        return round(sum(suite.weight for suite in self.suites), 9)  # 0.1 + 0.2 is 0.3 points

    @property
    def points(self) -> dict[str, float]:
        """The suites' points by name, in the order of the suites."""
        return {suite.suite: suite.weight for suite in self.suites}

    @points.setter
    def points(self, points: dict[str, float]) -> None:
        if list(points.items()) != list(self.points.items()):
            self.suites = [
                AssignmentSuite(suite=name, weight=weight, position=position)
                for position, (name, weight) in enumerate(points.items())
            ]

    @property
    def names(self) -> Names:
        """The names that the parts of a student's engine must have."""
        return Names(
            class_name=self.class_name,
            data=self.data_name,
            grad=self.grad_name,
            backward=self.backward_name,
        )

    @names.setter
    def names(self, names: Names) -> None:
        self.class_name, self.data_name = names.class_name, names.data
        self.grad_name, self.backward_name = names.grad, names.backward

    def seed_of(self, student: Account) -> int:
        """The seed of a student's random graphs, the same at every attempt."""
        return derive_seed(self.seed, student.id) if self.draw_per_student else self.seed

    def closed(self, moment: datetime) -> bool:
        """Whether a submission at this moment is rejected."""
        if self.closed_at is not None and moment >= self.closed_at:
            return True
        return self.deadline_closed(moment)

    def deadline_closed(self, moment: datetime) -> bool:
        """Whether the deadline has passed, and late submissions are rejected."""
        return (
            self.deadline is not None
            and moment > self.deadline
            and self.late_policy is LatePolicy.REFUSE
        )


class AssignmentSuite(Base):
    """A suite of an assignment; `weight` is its points."""

    __tablename__ = "assignment_suites"
    __table_args__ = (CheckConstraint("weight >= 0", name="weight_not_negative"),)

    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    suite: Mapped[str] = mapped_column(Text, primary_key=True)
    weight: Mapped[float]
    position: Mapped[int]
