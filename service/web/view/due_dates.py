"""In words: when an assignment is due, and why it accepts no submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.courses.deadlines import Terms
from service.courses.models import Assignment, AttemptThatCounts, LatePolicy
from service.marks.late import LateDeduction
from service.submissions.find import Standing
from service.web.view.text import span
from service.web.view.times import local


@dataclass(frozen=True, slots=True)
class Due:
    """A label such as `Due`, the moment that belongs to it, and a note such as `in 3 days`."""

    label: str
    at: datetime | None
    note: str = ""


def describe_terms(assignment: Assignment) -> list[str]:
    """What holds for attempts and late submissions, in sentences for students."""
    late, grace = LateDeduction.of(assignment), assignment.grace_minutes
    found = []
    if assignment.deadline is not None and late is not None:
        after = f"the deadline and a grace of {_minutes(grace)}" if grace else "the deadline"
        floor = f" They keep at least {late.floor:g} %." if late.floor else ""
        found.append(
            f"Late submissions lose {late.percent:g} % of their score for each day that begins "
            f"after {after}.{floor}"
        )
    elif assignment.deadline is not None and assignment.late_policy is LatePolicy.REFUSE and grace:
        found.append(f"Submissions are accepted until {_minutes(grace)} after the deadline.")
    if assignment.pause_minutes:
        found.append(
            f"Between two attempts there is a pause of {_minutes(assignment.pause_minutes)}."
        )
    if assignment.attempt_that_counts is AttemptThatCounts.LATEST:
        found.append("The latest attempt counts, not the best.")
    elif late is not None:
        found.append("The best attempt counts, after what it loses for being late.")
    return found


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{count} minutes"


def due(terms: Terms, moment: datetime) -> Due:
    """A deadline as pages show it at this moment."""
    closed_at, deadline, final = terms.closed_at, terms.deadline, terms.final
    if terms.opens_at is not None and not terms.opened(moment):
        return Due("Opens", terms.opens_at, f"due {local(deadline)}" if deadline else "")
    if closed_at is not None and closed_at <= moment:
        return Due("Closed", closed_at)
    if deadline is None:
        return Due("Deadline", None)
    extended = ", extended for you" if terms.extended else ""
    if moment <= deadline:
        return Due("Due", deadline, f"in {span(deadline - moment)}{extended}")
    if final is not None and terms.closed(moment):
        return Due("Closed", final)
    return Due("Was due", deadline, f"late submissions are accepted{extended}")


def why_closed(standing: Standing, moment: datetime) -> str:
    """Why the student can't submit at this moment; empty if they can."""
    terms = standing.terms
    if standing.tries_out:
        return ""
    if terms.opens_at is not None and not terms.opened(moment):
        return f"This assignment opens on {local(terms.opens_at)}. You can submit from then on."
    if terms.final is not None and terms.closed(moment):
        return f"This assignment closed on {local(terms.final)}. It accepts no more submissions."
    if standing.attempts_left == 0:
        return "You have used all your attempts."
    if standing.pause_ends is not None:
        return (
            "There is a pause between two attempts. "
            f"You can submit again on {local(standing.pause_ends + timedelta(minutes=1))}."
        )
    return ""
