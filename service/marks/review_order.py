"""Which student comes before and after another one in a review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.courses.access import require_staff
from service.courses.models import Assignment
from service.marks.counted import Counted, read_counted
from service.marks.gradebook import Mark, marks
from service.marks.listing import View, arrange
from service.people.actors import Actor
from service.people.models import Account


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
    student: Account,
    view: View,
    only: ReviewFilter,
) -> Neighbours:
    """The neighbours of a student among those who submitted something. For staff.

    They are in the order of the view, by name at first. Of a student whom the view or the filter
    leaves out, the first of the others comes next.
    """
    require_staff(session, actor, assignment.course_id)
    found = [
        mark for mark in arrange(marks(session, actor, assignment), view) if mark.submission_id
    ]
    if only:
        counted = read_counted(session, found)
        found = [each.mark for each in counted if only.fits(each)]
    return _place(found, student)


def _place(found: Sequence[Mark], student: Account) -> Neighbours:
    at = next((at for at, mark in enumerate(found) if mark.student.id == student.id), None)
    after = 0 if at is None else at + 1
    return Neighbours(
        before=found[at - 1] if at else None,
        after=found[after] if after < len(found) else None,
        place=None if at is None else at + 1,
        count=len(found),
    )
