"""Moments that people give: a deadline, the time when a file was received, a range of the audit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from service.errors import Invalid

YEARS = range(1970, 3000)  # every database and calendar has them, with days to spare


def to_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a year that no course can be in."""
    if moment.year not in YEARS:
        raise ValueError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
    return moment.astimezone(UTC)


def read_moment(text: str, zone: tzinfo) -> datetime | None:
    """A moment that somebody typed; None if it is empty. Raises ValueError with a message.

    Without an offset it is in `zone`. A date alone is the end of that day.

    >>> read_moment("2027-03-01T18:00+01:00", UTC).isoformat()
    '2027-03-01T17:00:00+00:00'
    >>> read_moment("2027-03-01", UTC).isoformat()
    '2027-03-01T23:59:59+00:00'
    """
    text = text.strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" +", "+").replace(" Z", "Z"))
        if _is_date(text):
            moment += timedelta(days=1, seconds=-1)
    except (ValueError, OverflowError):
        raise ValueError(
            "Give a date and a time, such as 2027-03-01 18:00 or 2027-03-01T18:00+01:00."
        ) from None
    return to_utc(moment if moment.tzinfo else moment.replace(tzinfo=zone))


def require_moment(moment: datetime, field: str) -> datetime:
    """The same moment in UTC. Raises Invalid for the field if no course can be in its year."""
    try:
        return to_utc(moment)
    except ValueError as error:
        raise Invalid(str(error), fields={field: str(error)}) from None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
