"""Tables of courses: enrolments, assignments and their suites."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Text,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from service.courses.late_rules import LateKind, LateRule
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


class AttemptThatCounts(StrEnum):
    """Which of a student's attempts gives the mark."""

    BEST = "best"
    LATEST = "latest"


class Feedback(StrEnum):
    """How much of a report the students of an assignment see."""

    FULL = "full"
    TESTS = "tests"
    SCORE = "score"
    NOTHING_UNTIL_DEADLINE = "nothing_until_deadline"


class Course(Base):
    """A class. Its pages show times in `time_zone`, a name of the IANA database."""

    __tablename__ = "courses"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    title: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    time_zone: Mapped[str] = mapped_column(Text, default="UTC", server_default="UTC")

    assignments: Mapped[list[Assignment]] = relationship(
        back_populates="course", order_by="(Assignment.created_at, Assignment.slug)"
    )
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="course")


class Enrolment(Base):
    """A person is in a course, with a role.

    `may_reset` says that the course's teachers may let the person set a new password: the account
    was made for this course, or an operator enrolled it. Otherwise, a teacher could enrol a
    stranger and take over the account.
    """

    __tablename__ = "enrolments"

    course_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(stored_by_value(Role))
    # Enrolments from before this column were all made by commands on the server.
    may_reset: Mapped[bool] = mapped_column(default=False, server_default=true())

    course: Mapped[Course] = relationship(back_populates="enrolments")
    account: Mapped[Account] = relationship()


class JoinCode(Base):
    """A code with which anybody who has an account may join a course as a student."""

    __tablename__ = "join_codes"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    course_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("courses.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(Text, unique=True)
    expires_at: Mapped[datetime]
    created_by_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()


class Assignment(Base):
    """What a teacher sets for a course. Its slug is unique in the course.

    `names` are those that the parts of an engine must have; None leaves a part free. All students
    get the same random graphs, generated from `seed`, unless `draw_per_student` is set. Engines of
    single precision are wrong if `require_double` is set.

    With `late_percent`, a late submission loses that share of its score for each day that begins
    after the deadline and `grace_minutes`, down to `late_floor` percent of the score. Marks are
    hidden from students while `hold_marks` is set and `released_at` isn't. `version` counts the
    changes, so that one teacher's change doesn't overwrite another's.

    To add an option, see the recipe in CONTRIBUTING.md.
    """

    __tablename__ = "assignments"
    __table_args__ = (
        Index(None, "course_id", "slug", unique=True),
        CheckConstraint("attempt_limit > 0", name="attempt_limit_positive"),
        CheckConstraint("late_percent BETWEEN 0 AND 100", name="late_percent_is_a_share"),
        CheckConstraint("late_floor BETWEEN 0 AND 100", name="late_floor_is_a_share"),
        CheckConstraint("grace_minutes >= 0", name="grace_minutes_not_negative"),
        CheckConstraint("pause_minutes >= 0", name="pause_minutes_not_negative"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    course_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courses.id"), index=True)
    slug: Mapped[str] = mapped_column(Text)
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
    opens_at: Mapped[datetime | None]
    late_percent: Mapped[float | None]
    late_floor: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    grace_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    pause_minutes: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    attempt_that_counts: Mapped[AttemptThatCounts] = mapped_column(
        stored_by_value(AttemptThatCounts),
        default=AttemptThatCounts.BEST,
        server_default=AttemptThatCounts.BEST.value,
    )
    feedback: Mapped[Feedback] = mapped_column(
        stored_by_value(Feedback), default=Feedback.FULL, server_default=Feedback.FULL.value
    )
    hold_marks: Mapped[bool] = mapped_column(default=False, server_default=false())
    released_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

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

    @property
    def late_rule(self) -> LateRule:
        """What happens to late submissions, as one value."""
        kind = LateKind.PERCENT_PER_DAY if self.late_percent else LateKind(self.late_policy)
        return LateRule.model_construct(
            kind=kind,
            percent=self.late_percent or None,
            floor=self.late_floor,
            grace_minutes=self.grace_minutes,
        )

    @late_rule.setter
    def late_rule(self, rule: LateRule) -> None:
        refused = rule.kind is LateKind.REFUSE
        self.late_policy = LatePolicy.REFUSE if refused else LatePolicy.ACCEPT
        self.late_percent, self.late_floor = rule.percent, rule.floor
        self.grace_minutes = rule.grace_minutes

    def seed_of(self, student: Account) -> int:
        """The seed of a student's random graphs, the same at every attempt."""
        return derive_seed(self.seed, student.id) if self.draw_per_student else self.seed

    def closed(self, moment: datetime) -> bool:
        """Whether a submission at this moment is rejected."""
        if self.closed_at is not None and moment >= self.closed_at:
            return True
        return self.deadline_closed(moment)

    def deadline_closed(self, moment: datetime) -> bool:
        """Whether the deadline and its grace have passed, and late submissions are rejected."""
        return (
            self.deadline is not None
            and moment > self.deadline + timedelta(minutes=self.grace_minutes or 0)
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


class Extension(Base):
    """Another deadline or attempt limit for one student; None keeps the assignment's."""

    __tablename__ = "extensions"
    __table_args__ = (CheckConstraint("attempt_limit > 0", name="attempt_limit_positive"),)

    assignment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("assignments.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    deadline: Mapped[datetime | None]
    attempt_limit: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("accounts.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(default=now)

    student: Mapped[Account] = relationship(foreign_keys=[account_id])
