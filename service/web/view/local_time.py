"""Times of a course's clock, as the fields of forms have them: `2027-03-01T18:00`."""

from __future__ import annotations

from datetime import datetime, tzinfo

from service.courses.models import Course
from service.courses.moments import read_moment
from service.courses.time_zones import zone_of
from service.errors import Invalid


def write_moment(moment: datetime | None, zone: tzinfo) -> str:
    """A moment for a field of the type `datetime-local`; empty for none."""
    if moment is None:
        return ""
    precision = "milliseconds" if moment.microsecond else "seconds" if moment.second else "minutes"
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec=precision)


def to_field(moment: datetime | None, course: Course) -> str:
    """A moment by the course's clock, for a field of the type `datetime-local`."""
    return write_moment(moment, zone_of(course))


def from_field(text: str, course: Course, field: str) -> datetime | None:
    """The moment that a field has; None if it is empty. Raises Invalid for the field.

    Without an offset, it is by the course's clock.
    """
    try:
        return read_moment(text, zone_of(course))
    except ValueError as error:
        raise Invalid(str(error), fields={field: str(error)}) from None
