"""Which student comes before and after another one in a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.assignments import assignments_of
from service.courses.models import Assignment
from service.courses.students import Person, students_of
from service.marks.counted import Counted, read_counted
from service.marks.gradebook import Mark, marks, read_marks
from service.marks.listing import (
    View,
    arrange,
    arrange_gradebook,
    arrange_students,
    needs_marks,
)
from service.people.actors import Actor
from service.submissions.models import Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewFilter:
    """Whose submissions to review: all, or those with a mistake, equal numbers or a problem."""

    mistake: str = ""
    signature: str = ""
    problem: str = ""

    def fits(self, each: Counted) -> bool:
        """Whether a submission is one of those."""
        return (
            (not self.mistake or self.mistake in each.outcome.diagnoses)
            and (not self.signature or self.signature == each.outcome.signature)
            and (not self.problem or self.problem == each.outcome.problem)
        )

    def __bool__(self) -> bool:
        return bool(self.mistake or self.signature or self.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The students before and after one. `place` counts from 1; None if the filter has left it."""

    before: Mark | None
    after: Mark | None
    place: int | None
    count: int


def find_neighbours(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    student: Person,
    view: View,
    only: ReviewFilter,
    *,
    in_gradebook: bool = False,
) -> Neighbours:
    """The neighbours of a student among those who submitted something. For staff.

    They are in the order of the view, by name at first. `in_gradebook` says that it is a view of
    the course's gradebook, and not of the assignment's students. Of a student whom the view or the
    filter leaves out, the first of the others comes next.
    """
    require_staff(session, actor, assignment.course_id)
    if in_gradebook or (not only and not needs_marks(view)):
        students: Sequence[Person] = students_of(session, assignment.course_id)
        if in_gradebook:
            book = assignments_of(session, assignment.course)
            students = arrange_gradebook(session, book, students, view)
        else:
            students = arrange_students(students, view)
        return _find_among_students(session, assignment, student, students)
    found = [
        mark for mark in arrange(marks(session, actor, assignment), view) if mark.submission_id
    ]
    if only:
        counted = read_counted(session, found)
        found = [each.mark for each in counted if only.fits(each)]
    at, before, after = _place([mark.student for mark in found], student)
    return Neighbours(
        before=None if before is None else found[before],
        after=None if after is None else found[after],
        place=None if at is None else at + 1,
        count=len(found),
    )


def _find_among_students(
    session: Session, assignment: Assignment, student: Person, students: Sequence[Person]
) -> Neighbours:
    """The same among arranged students: only the marks of the neighbours are read."""
    query = select(Submission.student_id).where(Submission.assignment_id == assignment.id)
    submitters = set(session.scalars(query.distinct()))
    found = [each for each in students if each.id in submitters]
    at, before, after = _place(found, student)
    shown = [found[each] for each in (before, after) if each is not None]
    read = read_marks(session, [assignment], shown)
    return Neighbours(
        before=None if before is None else read[found[before].id][assignment.id],
        after=None if after is None else read[found[after].id][assignment.id],
        place=None if at is None else at + 1,
        count=len(found),
    )


def _place(found: Sequence[Person], student: Person) -> tuple[int | None, int | None, int | None]:
    """The positions of a student and of those before and after."""
    at = next((at for at, each in enumerate(found) if each.id == student.id), None)
    after = 0 if at is None else at + 1
    return at, at - 1 if at else None, after if after < len(found) else None
