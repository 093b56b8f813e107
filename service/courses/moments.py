"""Moments that people give: a deadline, the time when a file was received, a range of the audit."""

from __future__ import annotations

from datetime import UTC, datetime

from service.errors import Invalid

YEARS = range(1970, 3000)  # every database and calendar has them, with days to spare


def to_utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for a year that no course can be in."""
    if moment.year not in YEARS:
        raise ValueError(f"Give a year from {YEARS[0]} to {YEARS[-1]}.")
    return moment.astimezone(UTC)


def require_moment(moment: datetime, field: str) -> datetime:
    """The same moment in UTC. Raises Invalid for the field if no course can be in its year."""
    try:
        return to_utc(moment)
    except ValueError as error:
        raise Invalid(str(error), fields={field: str(error)}) from None
