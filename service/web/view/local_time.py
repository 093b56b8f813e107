"""Times of a course's clock, as the fields of forms have them: `2026-03-01T12:00`."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.courses.models import Course
from service.errors import Invalid


def to_field(moment: datetime | None, course: Course) -> str:
    """A moment by the course's clock, for a field of the type `datetime-local`."""
    if moment is None:
        return ""
    return f"{moment.astimezone(ZoneInfo(course.time_zone)):%Y-%m-%dT%H:%M}"


def from_field(text: str, course: Course, field: str) -> datetime | None:
    """The moment that a field has; None if it is empty. Raises Invalid for the field.

    Without an offset, it is by the course's clock.
    """
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(course.time_zone))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        message = "Give a date and a time, such as 2026-03-01 14:05."
        raise Invalid(message, fields={field: message}) from None
