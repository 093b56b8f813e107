"""In words: when an assignment is due, and why it accepts no submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.courses.deadlines import Terms
from service.submissions.find import Standing
from service.web.view.text import span, utc


@dataclass(frozen=True, slots=True)
class Due:
    """A label such as `Due`, the moment that belongs to it, and a note such as `in 3 days`."""

    label: str
    at: datetime | None
    note: str = ""


def due(terms: Terms, moment: datetime) -> Due:
    """A deadline as pages show it at this moment."""
    closed_at, deadline, final = terms.closed_at, terms.deadline, terms.final
    if terms.opens_at is not None and not terms.opened(moment):
        return Due("Opens", terms.opens_at, f"due {utc(deadline)}" if deadline else "")
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
        return f"This assignment opens on {utc(terms.opens_at)}. You can submit from then on."
    if terms.final is not None and terms.closed(moment):
        return f"This assignment closed on {utc(terms.final)}. It accepts no more submissions."
    if standing.attempts_left == 0:
        return "You have used all your attempts."
    if standing.pause_ends is not None:
        return (
            "There is a pause between two attempts. "
            f"You can submit again on {utc(standing.pause_ends + timedelta(minutes=1))}."
        )
    return ""
