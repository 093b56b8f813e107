"""An assignment's submissions over time: how many, with which mistakes, and equal files."""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.models import Assignment
from service.courses.students import Person
from service.courses.time_zones import zone_of
from service.submissions.models import Grading, Status, Submission

MOST_SPANS = 14
WIDTHS = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 8, 24, 48, 96, 168, 336, 672, 1344))


class Sent(NamedTuple):
    """A submission, and what its newest grading with a result says."""

    id: uuid.UUID
    student_id: uuid.UUID
    attempt: int
    submitted_at: datetime
    sha256: str
    diagnoses: tuple[str, ...]


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


def read_sent(session: Session, assignment: Assignment, students: Sequence[Person]) -> list[Sent]:
    """All submissions of these students, the oldest first, in one query."""
    query = (
        select(
            Submission.id,
            Submission.student_id,
            Submission.attempt,
            Submission.submitted_at,
            Submission.sha256,
            Grading.status,
            Grading.tally["diagnoses"].label("diagnoses"),
        )
        .join(Grading)
        .where(Submission.assignment_id == assignment.id, Grading.preview.is_(False))
        .order_by(Submission.submitted_at, Submission.attempt, Grading.ordinal)
    )
    known = {student.id for student in students}
    found: dict[uuid.UUID, Sent] = {}
    for row in session.execute(query):
        if row.student_id in known and (row.id not in found or row.status is Status.DONE):
            diagnoses = row.diagnoses if isinstance(row.diagnoses, list) else ()
            found[row.id] = Sent(
                id=row.id,
                student_id=row.student_id,
                attempt=row.attempt,
                submitted_at=row.submitted_at,
                sha256=row.sha256,
                diagnoses=tuple(diagnoses),
            )
    return list(found.values())


def make_timeline(sent: Sequence[Sent], assignment: Assignment, moment: datetime) -> Timeline:
    """Submissions by time, from the first to the last, or to the deadline if that was later."""
    zone = zone_of(assignment.course)
    if not sent:
        return Timeline(spans=(), width=WIDTHS[0], deadline=None)
    first, last = sent[0].submitted_at, sent[-1].submitted_at
    deadline = assignment.deadline
    if deadline is not None and deadline <= moment:
        first, last = min(first, deadline), max(last, deadline)
    width = next((each for each in WIDTHS if (last - first) / each < MOST_SPANS - 1), WIDTHS[-1])
    start = first.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    if width >= timedelta(days=1):
        start = start.replace(hour=0)
    starts = [start]
    while starts[-1] + width <= last.astimezone(zone):  # by the clock on the wall
        starts.append(starts[-1] + width)
    counts, newcomers = [0] * len(starts), [0] * len(starts)
    seen: set[uuid.UUID] = set()
    for each in sent:
        place = bisect_right(starts, each.submitted_at) - 1
        counts[place] += 1
        newcomers[place] += each.student_id not in seen
        seen.add(each.student_id)
    inside = deadline is not None and starts[0] <= deadline < starts[-1] + width
    return Timeline(
        spans=tuple(
            Span(start=at, submissions=count, students_so_far=sum(newcomers[: place + 1]))
            for place, (at, count) in enumerate(zip(starts, counts, strict=True))
        ),
        width=width,
        deadline=(deadline - starts[0]) / width if deadline and inside else None,
    )


def follow_mistakes(sent: Sequence[Sent], timeline: Timeline) -> Mapping[str, History]:
    """How each mistake moved over the spans of a timeline."""
    starts = [span.start for span in timeline.spans]
    newest: dict[uuid.UUID, tuple[str, ...]] = {}
    ever: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
    current: defaultdict[str, set[uuid.UUID]] = defaultdict(set)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(starts))
    place = 0

    def note(until: int) -> None:
        for at in range(place, until):
            for key, having in current.items():
                counts[key][at] = len(having)

    for each in sent:
        now_at = bisect_right(starts, each.submitted_at) - 1
        note(now_at)
        place = max(place, now_at)
        for key in newest.get(each.student_id, ()):
            current[key].discard(each.student_id)
        newest[each.student_id] = each.diagnoses
        for key in each.diagnoses:
            current[key].add(each.student_id)
            ever[key].add(each.student_id)
    note(len(starts))
    return {
        key: History(counts=tuple(counts[key]), solved=len(students - current[key]))
        for key, students in ever.items()
    }


def find_equal_files(sent: Sequence[Sent], students: Sequence[Person]) -> list[EqualFiles]:
    """Files that several students submitted, the commonest first."""
    people = {student.id: student for student in students}
    firsts: defaultdict[str, dict[uuid.UUID, Sent]] = defaultdict(dict)
    for each in sent:
        firsts[each.sha256].setdefault(each.student_id, each)
    groups = [
        EqualFiles(
            sha256=sha256,
            submissions=tuple((people[student], each) for student, each in found.items()),
        )
        for sha256, found in firsts.items()
        if len(found) > 1
    ]
    return sorted(groups, key=lambda group: (-len(group.submissions), group.sha256))
