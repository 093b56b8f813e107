"""Each student's mark in each assignment."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, joinedload

from service.courses.access import is_staff, require_enrolled, require_self_or_staff, require_staff
from service.courses.assignments import assignments_of
from service.courses.models import Assignment, Course, Enrolment, Extension, Role
from service.courses.students import Person, students_of
from service.marks.counting import Counting, read_counting
from service.marks.late import LateDeduction
from service.marks.models import Override
from service.marks.results import find_sight, sights_of_students
from service.marks.schemes import ByStudent, Scheme, Worth, choose_given, read_extensions
from service.people.actors import Actor
from service.people.models import Account
from service.submissions.models import Status, Submission

FEW = 200  # students; the marks of more are read with those of the whole class


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A student's mark in an assignment.

    The submission with the largest share of its points counts, after the deduction for being late;
    of two equals, the earlier one. Where the latest attempt counts, it is that one. A file that
    could not be graded never counts before one that could. If none has a score yet, it is the
    newest. Of its gradings, the newest with a result counts. `attempts` is the number of
    submissions. `problem` is the kind of problem that stopped the whole file. `outdated` says that
    it was graded with other suites or points than the assignment has now.

    `score` is what the grading computed, `deduction` what it loses for being `days_late`, `mark`
    what is left, `given` what staff set by hand, and `effective` what counts: see `Worth`.
    `late_minutes` are since the student's own deadline, with their extension.
    """

    student: Person
    assignment: Assignment
    score: float | None = None
    max_score: float
    attempts: int = 0
    submission_id: uuid.UUID | None = None
    grading_id: uuid.UUID | None = None
    status: Status | None = None
    submitted_at: datetime | None = None
    late_minutes: int = 0
    days_late: int = 0
    deduction: float = 0.0
    mark: float | None = None
    given: float | None = None
    effective: float | None
    problem: str | None = None
    outdated: bool = False
    override: Override | None

    @property
    def why(self) -> str:
        """Why the mark isn't the score: `10 % for each day late: 2 days`. Empty if it is."""
        rule = LateDeduction.of(self.assignment)
        return rule.explain(self.days_late) if rule is not None and self.days_late else ""

    @property
    def overridden(self) -> bool:
        """Whether staff set the mark by hand."""
        return self.override is not None

    @property
    def special(self) -> bool:
        """Whether there is anything about it that a list says next to its number."""
        return bool(self.late_minutes or self.override or self.problem or self.outdated)

    def without_points(self) -> Mark:
        """The same mark, without its number and what would tell which submission is the best."""
        return replace(
            self,
            score=None,
            max_score=self.assignment.max_score,
            submission_id=None,
            grading_id=None,
            submitted_at=None,
            late_minutes=0,
            days_late=0,
            deduction=0.0,
            mark=None,
            given=None,
            effective=None,
            outdated=False,
            override=None,
        )


@dataclass(frozen=True, slots=True)
class Gradebook:
    """Students by assignments; each row has a mark for every assignment, by its id."""

    assignments: list[Assignment]
    rows: list[tuple[Person, dict[uuid.UUID, Mark]]]


def marks(session: Session, actor: Actor, assignment: Assignment) -> list[Mark]:
    """A mark for every student of the assignment's course, by name. For staff."""
    require_staff(session, actor, assignment.course_id)
    students = students_of(session, assignment.course_id)
    found = read_marks(session, [assignment], students)
    return [found[student.id][assignment.id] for student in students]


def mark_of(session: Session, actor: Actor, assignment: Assignment, student: Account) -> Mark:
    """One student's mark in an assignment. For the student and staff.

    A student who has left the course still sees it next to a submission. It has no number while
    the student doesn't see points.
    """
    require_self_or_staff(session, actor, student, assignment.course_id)
    mark = read_marks(session, [assignment], [student])[student.id][assignment.id]
    return mark if find_sight(session, actor, assignment).points else mark.without_points()


def marks_of(
    session: Session, actor: Actor, course: Course, student: Account
) -> dict[uuid.UUID, Mark]:
    """One student's marks in a course, by the assignment's id. For the student and staff.

    A mark has no number while the student doesn't see points.
    """
    require_enrolled(session, actor, course.id)
    require_self_or_staff(session, actor, student, course.id)
    assignments = course.assignments
    found = read_marks(session, assignments, [student])[student.id]
    if is_staff(session, actor, course.id):
        return found
    sights = sights_of_students(session, assignments)
    return {
        key: mark if sights[key].points else mark.without_points() for key, mark in found.items()
    }


def gradebook(session: Session, actor: Actor, course: Course) -> Gradebook:
    """Every student's marks in a course, in a fixed number of queries. For staff."""
    require_staff(session, actor, course.id)
    assignments = assignments_of(session, course)
    students = students_of(session, course.id)
    found = read_marks(session, assignments, students)
    return Gradebook(
        assignments,
        [(student, found[student.id]) for student in students],
    )


def count_students(session: Session, actor: Actor, course: Course) -> int:
    """How many students a course has. For staff."""
    require_staff(session, actor, course.id)
    query = select(func.count()).where(
        Enrolment.course_id == course.id, Enrolment.role == Role.STUDENT
    )
    return session.scalars(query).one()


def count_submitters(session: Session, actor: Actor, course: Course) -> dict[uuid.UUID, int]:
    """How many students submitted something, by assignment. For staff.

    Assignments without a submission are left out.
    """
    require_staff(session, actor, course.id)
    query = (
        select(
            Submission.assignment_id, func.count(Submission.student_id.distinct()).label("students")
        )
        .join(Assignment)
        .join(
            Enrolment,
            and_(
                Enrolment.course_id == Assignment.course_id,
                Enrolment.account_id == Submission.student_id,
            ),
        )
        .where(Assignment.course_id == course.id, Enrolment.role == Role.STUDENT)
        .group_by(Submission.assignment_id)
    )
    return {row.assignment_id: row.students for row in session.execute(query)}


def read_marks(
    session: Session,
    assignments: Sequence[Assignment],
    students: Sequence[Person],
    counted: ColumnElement[bool] | None = None,
) -> dict[uuid.UUID, dict[uuid.UUID, Mark]]:
    """Marks by student, then by assignment, in three queries. Checks no rights.

    With `counted`, they are the marks if only these gradings counted.
    """
    schemes = [Scheme.of(each) for each in assignments]
    only = [student.id for student in students] if len(students) <= FEW else None
    rivals: ByStudent[list[Counting]] = defaultdict(dict)
    for row in read_counting(session, assignments, only, counted):
        rivals[row.student_id].setdefault(row.assignment_id, []).append(row)
    chosen = [scheme.id for scheme in schemes]
    extensions = read_extensions(session, chosen, only)
    overrides = _overrides(session, chosen, only)
    return {
        student.id: _marks_of_student(
            student,
            schemes,
            rivals.get(student.id, {}),
            extensions.get(student.id, {}),
            overrides.get(student.id, {}),
        )
        for student in students
    }


def _marks_of_student(
    student: Person,
    schemes: Sequence[Scheme],
    rivals: Mapping[uuid.UUID, Sequence[Counting]],
    extensions: Mapping[uuid.UUID, Extension],
    overrides: Mapping[uuid.UUID, Override],
) -> dict[uuid.UUID, Mark]:
    return {
        scheme.id: _mark(
            student,
            scheme.weigh(
                rivals.get(scheme.id, ()), extensions.get(scheme.id), overrides.get(scheme.id)
            ),
            overrides.get(scheme.id),
        )
        for scheme in schemes
    }


def _mark(student: Person, worth: Worth[Counting], override: Override | None) -> Mark:
    counting = worth.counting
    if counting is None:
        return Mark(
            student=student,
            assignment=worth.scheme.assignment,
            max_score=worth.max_score,
            given=worth.given,
            effective=worth.effective,
            override=override,
        )
    return Mark(
        student=student,
        assignment=worth.scheme.assignment,
        score=counting.score,
        max_score=worth.max_score,
        attempts=counting.attempts,
        submission_id=counting.submission_id,
        grading_id=counting.grading_id,
        status=counting.status,
        submitted_at=counting.submitted_at,
        late_minutes=worth.late_minutes,
        days_late=worth.days_late,
        deduction=worth.deduction,
        mark=worth.mark,
        given=worth.given,
        effective=worth.effective,
        problem=worth.problem,
        outdated=worth.outdated,
        override=override,
    )


def _overrides(
    session: Session, assignments: Sequence[uuid.UUID], students: Sequence[uuid.UUID] | None
) -> ByStudent[Override]:
    query = (
        select(Override)
        .where(Override.assignment_id.in_(assignments))
        .options(joinedload(Override.author))
        .order_by(Override.created_at)
    )
    if students is not None:
        query = query.where(Override.student_id.in_(students))
    return choose_given(session.scalars(query))
