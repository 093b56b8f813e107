"""Lists of students with their marks: search, filter, sort and pages.

Marks are computed in `service.marks.gradebook`. Here they are only chosen and put in an order. A
gradebook of a large class reads the marks of one page; what it is sorted and filtered by is in
`service.marks.figures`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.assignments import assignments_of
from service.courses.models import Assignment, Course
from service.courses.students import Person, students_of
from service.marks.figures import (
    About,
    add_up,
    find_complete,
    find_overridden,
    read_figures,
    read_totals,
)
from service.marks.gradebook import Mark, read_marks
from service.marks.schemes import Worth
from service.people.actors import Actor
from service.people.names import fold

PER_PAGE = 100
AT_ONCE = 1_000  # marks; so few are read as fast as those of a page, and figures aren't needed
OF_ASSIGNMENT = "mark:"  # before the slug, in the name of a gradebook's column


class Show(StrEnum):
    """Which students a list shows."""

    ALL = "all"
    NOT_SUBMITTED = "not_submitted"
    LATE = "late"
    BELOW = "below"
    OVERRIDDEN = "overridden"
    PROBLEM = "problem"
    OLDER = "older"


ABOUT = {
    Show.LATE: About.LATENESS,
    Show.BELOW: About.SCORES,
    Show.PROBLEM: About.PROBLEMS,
    Show.OLDER: About.SUITES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a list shows, and in which order.

    `below` is in percent, and only for `Show.BELOW`. `sort` is a column, with a hyphen before it
    for the other direction: `name`, `email`, `mark`, `attempts`, `submitted`, `late`, and in a
    gradebook `total` and `mark:SLUG`. `assignment` is the slug of the only one that a gradebook's
    filter looks at.
    """

    show: Show = Show.ALL
    below: float = 50.0
    search: str = ""
    sort: str = "name"
    page: int = 1
    assignment: str = ""

    @property
    def column(self) -> str:
        """The column that the list is sorted by."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the largest value comes first."""
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A student of a gradebook, with a mark for every assignment, by its id."""

    student: Person
    marks: dict[uuid.UUID, Mark]

    @property
    def total(self) -> float | None:
        """The sum of all marks; None without any."""
        return add_up(mark.effective for mark in self.marks.values())


T = TypeVar("T")
Marks = Mapping[uuid.UUID, dict[uuid.UUID, Mark]]  # by student, then by assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Generic[T]):
    """A page of a list. `matching` are all students that the list shows; `of` is the class's size.

    `page` counts from 1; a page behind the last one is the last one.
    """

    rows: Sequence[T]
    matching: Sequence[Person]
    of: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-len(self.matching) // PER_PAGE))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedGradebook(Listed[Row]):
    """A page of a gradebook, and its columns."""

    assignments: list[Assignment]


def list_gradebook(session: Session, actor: Actor, course: Course, view: View) -> ListedGradebook:
    """A page of a course's gradebook, in a fixed number of queries. For staff."""
    require_staff(session, actor, course.id)
    assignments = assignments_of(session, course)
    everybody = students_of(session, course.id)
    known = None
    if needs_marks(view) and len(everybody) * len(assignments) <= AT_ONCE:
        known = read_marks(session, assignments, everybody)
    students = arrange_gradebook(session, assignments, everybody, view, known)
    page = _page_of(view, len(students))
    marks = known or read_marks(session, assignments, students[_slice(page)])
    rows = [Row(student=each, marks=marks[each.id]) for each in students[_slice(page)]]
    return ListedGradebook(
        rows=rows, matching=students, of=len(everybody), page=page, assignments=assignments
    )


def arrange_gradebook(
    session: Session,
    assignments: Sequence[Assignment],
    everybody: Sequence[Person],
    view: View,
    known: Marks | None = None,
) -> list[Person]:
    """The students whom a gradebook shows, in its order. They are by name before. No check.

    Marks that aren't known yet are not read, but their figures.
    """
    students = arrange_students(everybody, view)
    if not needs_marks(view):
        return students
    students = _filter(session, assignments, students, view, known)
    return _arrange(session, assignments, students, view, known)


def needs_marks(view: View) -> bool:
    """Whether who is listed, or in which order, depends on marks."""
    return view.show is not Show.ALL or view.column not in {"name", "email"}


def arrange_students(students: Sequence[Person], view: View) -> list[Person]:
    """Those whom a list finds, by name or e-mail. They are by name before."""
    found = [each for each in students if _is_found(each, view.search)]
    if view.column == "email":
        return _sort(found, lambda student: student.email, view)
    return _sort(found, None, view) if view.column == "name" else found


def arrange(marks: Sequence[Mark], view: View) -> list[Mark]:
    """The marks of one assignment that a list shows, in its order. They are by name before."""
    found = [each for each in marks if _is_found(each.student, view.search)]
    if view.show is not Show.ALL:
        found = [each for each in found if _matches(each, view)]
    return _sort(found, _mark_key(view.column), view)


def paginate(marks: Sequence[Mark], view: View, of: int) -> Listed[Mark]:
    """A page of arranged marks; `of` is the class's size."""
    page = _page_of(view, len(marks))
    matching = [mark.student for mark in marks]
    return Listed(rows=marks[_slice(page)], matching=matching, of=of, page=page)


def _filter(
    session: Session,
    assignments: Sequence[Assignment],
    students: list[Person],
    view: View,
    known: Marks | None,
) -> list[Person]:
    """Those for whom the filter fits any assignment, or the one that it looks at."""
    chosen = [each for each in assignments if each.slug == view.assignment] or assignments
    if view.show is Show.ALL:
        return students
    if not chosen:
        return []
    if known is None and view.show is Show.NOT_SUBMITTED:
        complete = find_complete(session, chosen)
        return [each for each in students if each.id not in complete]
    if known is None and view.show is Show.OVERRIDDEN:
        overridden = find_overridden(session, chosen)
        return [each for each in students if each.id in overridden]
    figures = _figures(session, chosen, students, known, ABOUT.get(view.show, About.SCORES))
    fitting = {student for student, found in figures if any(_matches(each, view) for each in found)}
    return [each for each in students if each in fitting]


def _arrange(
    session: Session,
    assignments: Sequence[Assignment],
    students: list[Person],
    view: View,
    known: Marks | None,
) -> list[Person]:
    """The students in the order of the view."""
    wanted = view.column
    chosen = [each for each in assignments if wanted in {"total", f"{OF_ASSIGNMENT}{each.slug}"}]
    if not chosen:  # by name or e-mail, as they are already
        return students
    values: Mapping[Person, float | None]
    if known is None and view.column == "total":
        values = read_totals(session, chosen, students)
    elif view.column == "total":
        figures = _figures(session, chosen, students, known)
        values = {student: add_up(each.effective for each in found) for student, found in figures}
    else:
        figures = _figures(session, chosen, students, known)
        values = {student: _share(found[0]) for student, found in figures}
    return _sort(students, values.__getitem__, view)


def _figures(
    session: Session,
    assignments: Sequence[Assignment],
    students: Sequence[Person],
    known: Marks | None,
    about: About = About.SCORES,
) -> Iterable[tuple[Person, Sequence[Mark | Worth[Any]]]]:
    """Each student with figures by assignment, in the order of these."""
    if known is None:
        return read_figures(session, assignments, students, about)
    return ((each, [known[each.id][one.id] for one in assignments]) for each in students)


def _is_found(student: Person, search: str) -> bool:
    """Whether every word is in the name, the address or the student number."""
    if not search:
        return True
    text = f"{fold(student.name)} {student.email} {fold(student.student_number)}"
    return all(word in text for word in fold(search).split())


def _matches(mark: Mark | Worth[Any], view: View) -> bool:
    match view.show:
        case Show.ALL:
            return True
        case Show.NOT_SUBMITTED:
            return isinstance(mark, Mark) and mark.attempts == 0
        case Show.LATE:
            return bool(mark.late_minutes)
        case Show.BELOW:
            share = _share(mark)
            return share is not None and share * 100 < view.below
        case Show.OVERRIDDEN:
            return isinstance(mark, Mark) and mark.overridden
        case Show.PROBLEM:
            return mark.problem is not None
        case Show.OLDER:
            return mark.outdated


def _share(mark: Mark | Worth[Any]) -> float | None:
    """The part of the points; None without a mark or without points."""
    if mark.effective is None or not mark.max_score:
        return None
    return mark.effective / mark.max_score


Key = Callable[[Any], Any]


def _sort(rows: Sequence[T], key: Key | None, view: View) -> list[T]:
    """Sorted by a key, and by name where it's equal. Rows without a value are always last."""
    if key is None:
        return list(reversed(rows)) if view.descending else list(rows)
    keys = [(key(row), row) for row in rows]
    having = [pair for pair in keys if pair[0] is not None]
    having.sort(key=lambda pair: pair[0], reverse=view.descending)
    return [row for _, row in having] + [row for value, row in keys if value is None]


def _mark_key(column: str) -> Key | None:
    keys: dict[str, Key] = {
        "email": lambda mark: mark.student.email,
        "mark": _share,
        "attempts": lambda mark: mark.attempts,
        "submitted": lambda mark: mark.submitted_at,
        "late": lambda mark: mark.late_minutes or None,
    }
    return keys.get(column)


def _page_of(view: View, count: int) -> int:
    return min(max(1, view.page), max(1, -(-count // PER_PAGE)))


def _slice(page: int) -> slice:
    return slice((page - 1) * PER_PAGE, page * PER_PAGE)
