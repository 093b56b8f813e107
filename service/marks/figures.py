"""The numbers of a class's marks that a gradebook is sorted and filtered by.

A class of a thousand students has ten thousand marks, and a page shows a few of them. Of the others
only these numbers are read, which takes a fraction of the time of whole marks.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby, starmap
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Text,
    and_,
    case,
    cast,
    func,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from service.courses.models import Assignment, Extension
from service.courses.students import Person
from service.marks.counting import rank_gradings, share_of
from service.marks.models import Override
from service.marks.schemes import ByStudent, Scheme, Worth, choose_given, read_extensions
from service.submissions.models import Submission

AT_ONCE = 1_000  # rows that are fetched and made into objects at once
FOR_LATENESS = frozenset({"submitted_at", "attempt", "problem"})


class About(StrEnum):
    """What figures are read for, as the column of gradings that it needs next to the score.

    Each needs a figure of `Worth`: `effective`, `late_minutes`, `problem` or `outdated`. The others
    aren't meaningful.
    """

    SCORES = ""
    LATENESS = "submitted_at"
    PROBLEMS = "problem"
    SUITES = "suites_digest"


class Row(NamedTuple):
    """A grading that counts, or may count, with the ids of its student and assignment as text.

    Only the columns that were asked for are set. Without an assignment, `score` is a sum.
    """

    student: str
    assignment: str | None
    score: float | None
    max_score: float | None
    attempt: int = 0
    submitted_at: datetime = datetime.max.replace(tzinfo=UTC)
    problem: str | None = None
    suites_digest: str | None = None

    @property
    def share(self) -> float:
        """The share of its points."""
        return share_of(self.score, self.max_score)


class GivenRow(NamedTuple):
    """A mark set by hand, as much of it as decides what it's worth."""

    student_id: uuid.UUID
    assignment_id: uuid.UUID
    score: float | None
    max_score: float | None


def read_figures(
    session: Session,
    assignments: Sequence[Assignment],
    students: Sequence[Person],
    about: About = About.SCORES,
) -> Iterator[tuple[Person, list[Worth[Row]]]]:
    """Each student with figures by assignment, in the order of these, in three queries at most.

    Students come in any order, one at a time: holding the figures of all at once would slow the
    garbage collector. Unless figures are about scores, marks that have nothing special are left
    out: their figures are those of somebody who submitted nothing. Students who have only such
    marks are left out, too. Checks no rights.
    """
    read = _Reading.of(session, assignments, about.value)
    nothing: list[tuple[str, Worth[Row]]] = [
        (key, scheme.weigh((), None, None)) for key, scheme in read.schemes.items()
    ]
    rest = {student.id.hex: student for student in students}
    rows = _read_rows(session, list(read.schemes.values()), read.columns, about)
    for key, own in groupby(rows, attrgetter("student")):
        student = rest.pop(key, None)
        if student is not None:
            found = read.weigh(student, own)
            yield student, [found.get(each, empty) for each, empty in nothing]
    for student in rest.values() if about is About.SCORES else ():
        found = read.weigh(student, ())
        yield student, [found.get(each, empty) for each, empty in nothing]


def read_totals(
    session: Session, assignments: Sequence[Assignment], students: Sequence[Person]
) -> dict[Person, float | None]:
    """The sum of each student's marks, in three queries at most; None without any mark.

    The database adds up scores that are marks as they are. Those that a mark set by hand replaces,
    and those that lose points for being late, are read one by one. Checks no rights.
    """
    read = _Reading.of(session, assignments, "")
    rest = {student.id.hex: student for student in students}
    totals: dict[Person, float | None] = {}
    for key, own in groupby(_read_sums(session, read), attrgetter("student")):
        student = rest.pop(key, None)
        if student is not None:
            rows = list(own)
            sums = [row.score for row in rows if row.assignment is None]
            found = read.weigh(student, (row for row in rows if row.assignment is not None))
            totals[student] = add_up([*sums, *(each.effective for each in found.values())])
    for student in rest.values():
        found = read.weigh(student, ())
        totals[student] = add_up(each.effective for each in found.values())
    return totals


def add_up(marks: Iterable[float | None]) -> float | None:
    """The sum of marks; None without any.

    It is rounded: the sum of the same marks must not depend on their order.
    """
    points = [mark for mark in marks if mark is not None]
    return round(sum(points), 6) if points else None


@dataclass(frozen=True, slots=True)
class _Reading:
    """What figures need next to gradings. Schemes are by their ids as text."""

    schemes: Mapping[str, Scheme]
    columns: Collection[str]
    extensions: Mapping[uuid.UUID, Mapping[uuid.UUID, Extension]]
    given: Mapping[uuid.UUID, Mapping[uuid.UUID, GivenRow]]

    @classmethod
    def of(cls, session: Session, assignments: Sequence[Assignment], column: str) -> _Reading:
        """Read it, in two queries at most."""
        schemes = {each.id.hex: Scheme.of(each) for each in assignments}
        columns = {"student", "assignment", "score", "max_score", column}
        if any(scheme.rule is not None for scheme in schemes.values()):
            columns |= FOR_LATENESS
        chosen = [scheme.id for scheme in schemes.values()]
        with_dates = "submitted_at" in columns
        extensions = read_extensions(session, chosen, None) if with_dates else {}
        return cls(schemes, columns, extensions, _read_given(session, chosen))

    def weigh(self, student: Person, rows: Iterable[Row]) -> dict[str, Worth[Row]]:
        """What a student's work is worth, by assignment: with these rows, or set by hand."""
        rivals: dict[str, tuple[Row, ...]] = {}
        for row in rows:
            if row.assignment is not None:
                rivals[row.assignment] = (*rivals.get(row.assignment, ()), row)
        extended = self.extensions.get(student.id, {})
        by_hand = self.given.get(student.id, {})
        for each in by_hand:
            rivals.setdefault(each.hex, ())
        found = {}
        for key, own in rivals.items():
            scheme = self.schemes[key]
            extension = extended.get(scheme.id) if extended else None  # a UUID's hash takes time
            given = by_hand.get(scheme.id) if by_hand else None
            found[key] = scheme.weigh(own, extension, given)
        return found


def find_overridden(session: Session, assignments: Sequence[Assignment]) -> set[uuid.UUID]:
    """The ids of those who have a mark set by hand in any of them. Checks no rights."""
    given = _read_given(session, [each.id for each in assignments])
    return {student for student, found in given.items() if found}


def find_complete(session: Session, assignments: Sequence[Assignment]) -> set[uuid.UUID]:
    """The ids of those who submitted something to each of them, in one query. Checks no rights."""
    query = (
        select(Submission.student_id)
        .where(Submission.assignment_id.in_([each.id for each in assignments]))
        .group_by(Submission.student_id)
        .having(func.count(Submission.assignment_id.distinct()) == len(assignments))
    )
    return set(session.scalars(query))


def _read_rows(
    session: Session, schemes: Sequence[Scheme], columns: Collection[str], about: About
) -> Iterator[Row]:
    """What counts, or may count, by student."""
    found, counts = rank_gradings([scheme.assignment for scheme in schemes], None, None)
    known = {
        "student": _as_text(found.c.student_id),
        "assignment": _as_text(found.c.assignment_id),
        **found.c,
    }
    last = max(Row._fields.index(name) for name in columns if name)
    listed = (known[name] if name in columns else null() for name in Row._fields[: last + 1])
    query = select(*listed).where(counts).order_by(found.c.student_id)
    special = _is_special(found, schemes, about)
    # Not by the session, which handles each value of each row once more.
    rows = session.connection().execute(query if special is None else query.where(special))
    return starmap(Row, rows.yield_per(AT_ONCE))


def _read_sums(session: Session, read: _Reading) -> Iterator[Row]:
    """By student: the sum of scores that are marks as they are, and each of the other gradings."""
    schemes = list(read.schemes.values())
    ids = [scheme.id for scheme in schemes]
    found, counts = rank_gradings([scheme.assignment for scheme in schemes], None, None)
    where_late_costs = [scheme.id for scheme in schemes if scheme.rule is not None]
    by_hand = select(Override.student_id, Override.assignment_id)
    alone = or_(
        found.c.assignment_id.in_(where_late_costs),
        tuple_(found.c.student_id, found.c.assignment_id).in_(
            by_hand.where(Override.assignment_id.in_(ids))
        ),
    )
    each = (
        select(
            found,
            case((alone, found.c.grading_id)).label("part"),
            case((alone, _as_text(found.c.assignment_id))).label("assignment"),
        )
        .where(counts)
        .subquery()
    )
    query = (
        select(
            _as_text(each.c.student_id),
            func.max(each.c.assignment),
            func.sum(each.c.score),
            func.max(each.c.max_score),
            *(
                func.max(each.c[name]) if name in read.columns else null()
                for name in ("attempt", "submitted_at", "problem")
            ),
        )
        .group_by(each.c.student_id, each.c.part)
        .order_by(each.c.student_id)
    )
    return starmap(Row, session.connection().execute(query).yield_per(AT_ONCE))


def _is_special(
    found: Subquery, schemes: Sequence[Scheme], about: About
) -> ColumnElement[bool] | None:
    """A condition that all have that the figures are about, and few others."""
    if about is About.SCORES:
        return None
    where_late_costs = [scheme.id for scheme in schemes if scheme.rule is not None]
    special: list[ColumnElement[bool]] = [found.c.assignment_id.in_(where_late_costs)]
    if about is About.PROBLEMS:
        special = [found.c.problem.is_not(None)]
    for scheme in schemes:
        own = found.c.assignment_id == scheme.id
        if about is About.LATENESS and scheme.deadline is not None:
            special.append(and_(own, found.c.submitted_at > scheme.deadline))
        elif about is About.SUITES:
            special.append(and_(own, found.c.suites_digest.is_distinct_from(scheme.digest)))
    return or_(*special)


def _as_text(identifier: ColumnElement[uuid.UUID]) -> ColumnElement[str]:
    """An id's 32 hexadecimal digits. SQLite stores these, PostgreSQL writes hyphens.

    Text is read in a fraction of the time of a UUID.
    """
    return func.replace(cast(identifier, Text), "-", "", type_=Text)


def _read_given(session: Session, assignments: Sequence[uuid.UUID]) -> ByStudent[GivenRow]:
    query = (
        select(*(getattr(Override, name) for name in GivenRow._fields))
        .where(Override.assignment_id.in_(assignments))
        .order_by(Override.created_at)
    )
    return choose_given(map(GivenRow._make, session.execute(query)))
