"""In words: when an assignment is due, and why it accepts no submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.courses.models import Assignment, LatePolicy
from service.web.view.text import span, utc


@dataclass(frozen=True, slots=True)
class Due:
    """A label such as `Due`, the moment that belongs to it, and a note such as `in 3 days`."""

    label: str
    at: datetime | None
    note: str = ""


def due(assignment: Assignment, moment: datetime) -> Due:
    """An assignment's deadline as pages show it at this moment."""
    closed_at, deadline = assignment.closed_at, assignment.deadline
    if closed_at is not None and closed_at <= moment:
        return Due("Closed", closed_at)
    if deadline is None:
        return Due("Deadline", None)
    if moment <= deadline:
        return Due("Due", deadline, f"in {span(deadline - moment)}")
    if assignment.late_policy is LatePolicy.REFUSE:
        return Due("Closed", deadline)
    return Due("Was due", deadline, "late submissions are accepted")


def why_closed(assignment: Assignment, left: int | None, moment: datetime) -> str:
    """Why the student can't submit at this moment; empty if they can."""
    if assignment.closed(moment):
        closed = due(assignment, moment).at
        assert closed is not None
        return f"This assignment closed on {utc(closed)}. It accepts no more submissions."
    if left == 0:
        return "You have used all your attempts. The best one counts."
    return ""
