"""An assignment's submissions over time: how many, with which mistakes, and equal files.

A class may have twenty thousand submissions. The database counts them, and only counts are read.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pydantic_core import from_json
from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Enrolment, Role
from service.courses.students import Person
from service.courses.time_zones import zone_of
from service.submissions.models import Grading, Status, Submission

MOST_SPANS = 14
WIDTHS = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8, 24, 48, 96, 168, 336, 672, 1344))
IN_ORDER = (Submission.submitted_at, Submission.attempt)


class Sent(NamedTuple):
    """A submission of a file that several students submitted."""

    id: uuid.UUID
    student_id: uuid.UUID
    sha256: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A span of time: how many submissions it has, and how many students sent one by its end."""

    start: datetime
    submissions: int
    students_so_far: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Submissions in equal spans of time, which begin at whole hours or days of the course.

    `deadline` is where it lies, in spans from the start; None if it lies outside.
    """

    spans: tuple[Span, ...]
    width: timedelta
    deadline: float | None

    @property
    def by_days(self) -> bool:
        """Whether the spans are whole days."""
        return self.width >= timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How many students' newest submission had a mistake at the end of each span.

    `solved` had it once, and their newest submission doesn't.
    """

    counts: tuple[int, ...]
    solved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualFiles:
    """Students who submitted the very same file, each with the first submission of it."""

    sha256: str
    submissions: tuple[tuple[Person, Sent], ...]


def read_timeline(session: Session, assignment: Assignment, moment: datetime) -> Timeline:
    """Submissions by time, from the first to the last, or to the deadline if that was later.

    In two queries. Checks no rights.
    """
    submitted_at = Submission.submitted_at
    ends = _by_students(assignment).with_only_columns(
        func.count(), func.min(submitted_at), func.max(submitted_at)
    )
    count, first, last = session.execute(ends).one()
    if not count:
        return Timeline(spans=(), width=WIDTHS[0], deadline=None)
    deadline = assignment.deadline
    if deadline is not None and deadline <= moment:
        first, last = min(first, deadline), max(last, deadline)
    starts, width = _divide(first, last, assignment)
    each = _by_students(assignment).with_only_columns(
        _span_of(starts).label("span"),
        func.row_number().over(partition_by=Submission.student_id, order_by=IN_ORDER).label("turn"),
    )
    found = each.subquery()
    counted = select(
        found.c.span, func.count(), func.count(case((found.c.turn == 1, literal(1))))
    ).group_by(found.c.span)
    counts, newcomers = [0] * len(starts), [0] * len(starts)
    for span, submissions, students in session.execute(counted):
        counts[span], newcomers[span] = submissions, students
    inside = deadline is not None and starts[0] <= deadline < starts[-1] + width
    return Timeline(
        spans=tuple(
            Span(start=at, submissions=count, students_so_far=sum(newcomers[: index + 1]))
            for index, (at, count) in enumerate(zip(starts, counts, strict=True))
        ),
        width=width,
        deadline=(deadline - starts[0]) / width if deadline and inside else None,
    )


def read_histories(
    session: Session, assignment: Assignment, timeline: Timeline
) -> Mapping[str, History]:
    """How each mistake moved over the spans of a timeline, in one query. Checks no rights."""
    if not timeline.spans:
        return {}
    found = _with_diagnoses(assignment, [span.start for span in timeline.spans])
    student = cast(found.c.student_id, Text)  # read in a fraction of the time of a UUID
    alike = (found.c.diagnoses, found.c.span, found.c.next)
    query = (
        select(*alike, func.count(), func.aggregate_strings(student, ","))
        .where(found.c.diagnoses.not_in(("[]", "null")))
        .group_by(*alike)
    )
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(timeline.spans))
    ever: defaultdict[str, set[str]] = defaultdict(set)
    for text, span, following, submissions, students in session.execute(query):
        for key in set(from_json(text)):
            ever[key].update(students.split(","))
            for index in range(span, len(timeline.spans) if following is None else following):
                counts[key][index] += submissions
    return {
        key: History(counts=tuple(counts[key]), solved=len(students) - counts[key][-1])
        for key, students in ever.items()
    }


def find_equal_files(
    session: Session, assignment: Assignment, students: Sequence[Person]
) -> list[EqualFiles]:
    """Files that several of these students submitted, the commonest first.

    In one query. Checks no rights.
    """
    several = _by_students(assignment).with_only_columns(Submission.sha256)
    several = several.group_by(Submission.sha256)
    several = several.having(func.count(Submission.student_id.distinct()) > 1)
    turn = func.row_number().over(
        partition_by=(Submission.sha256, Submission.student_id), order_by=IN_ORDER
    )
    columns = [getattr(Submission, name) for name in (*Sent._fields, "attempt")]
    each = (
        _by_students(assignment)
        .with_only_columns(*columns, turn.label("turn"))
        .where(Submission.sha256.in_(several))
        .subquery()
    )
    query = (
        select(*(each.c[name] for name in Sent._fields))
        .where(each.c.turn == 1)
        .order_by(each.c.submitted_at, each.c.attempt)
    )
    people = {student.id: student for student in students}
    firsts: defaultdict[str, list[tuple[Person, Sent]]] = defaultdict(list)
    for sent in map(Sent._make, session.execute(query)):
        if sent.student_id in people:
            firsts[sent.sha256].append((people[sent.student_id], sent))
    groups = [
        EqualFiles(sha256=sha256, submissions=tuple(found))
        for sha256, found in firsts.items()
        if len(found) > 1
    ]
    return sorted(groups, key=lambda group: (-len(group.submissions), group.sha256))


def _by_students(assignment: Assignment) -> Select[Submission]:
    """All submissions of the students of an assignment's course."""
    students = select(Enrolment.account_id).where(
        Enrolment.course_id == assignment.course_id, Enrolment.role == Role.STUDENT
    )
    return select(Submission).where(
        Submission.assignment_id == assignment.id, Submission.student_id.in_(students)
    )


def _divide(
    first: datetime, last: datetime, assignment: Assignment
) -> tuple[list[datetime], timedelta]:
    """Where equal spans begin, by the clock of the course, and how long each is."""
    zone = zone_of(assignment.course)
    width = next((each for each in WIDTHS if (last - first) / each < MOST_SPANS - 1), WIDTHS[-1])
    start = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if width >= timedelta(days=1):
        start = start.replace(hour=0)
    starts = [start]
    while starts[-1] + width <= last.astimezone(zone):  # by the clock on the wall
        starts.append(starts[-1] + width)
    return starts, width


def _span_of(starts: Sequence[datetime]) -> ColumnElement[int]:
    """The number of the span in which a submission arrived; before the first one it is 0."""
    spans = [
        (Submission.submitted_at < end, literal(index)) for index, end in enumerate(starts[1:])
    ]
    return case(*spans, else_=len(starts) - 1) if spans else literal(0)


def _with_diagnoses(assignment: Assignment, starts: Sequence[datetime]) -> Subquery:
    """Each submission with its diagnoses as JSON, its span, and that of the student's next one.

    The diagnoses are those of its newest grading with a result.
    """
    diagnoses = (
        select(cast(Grading.tally["diagnoses"], Text))
        .where(
            Grading.submission_id == Submission.id,
            Grading.status == Status.DONE,
            ~Grading.preview,
        )
        .order_by(Grading.ordinal.desc())
        .limit(1)
        .scalar_subquery()
    )
    span = _span_of(starts)
    following = func.lead(span).over(partition_by=Submission.student_id, order_by=IN_ORDER)
    columns = {"span": span, "next": following, "diagnoses": diagnoses}
    return (
        _by_students(assignment)
        .with_only_columns(
            Submission.student_id, *(each.label(name) for name, each in columns.items())
        )
        .subquery()
    )
