"""Time zones of courses: names of the IANA database, such as `Europe/Berlin`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from service.courses.models import Course
from service.errors import Invalid

REGIONS = (
    *("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/"),
    *("Indian/", "Pacific/"),
)


@cache
def list_time_zones() -> tuple[str, ...]:
    """The names to choose from. Others, such as old names, are valid too."""
    return ("UTC", *sorted(name for name in _known() if name.startswith(REGIONS)))


def check_time_zone(name: str) -> str:
    """The name if it is one of a time zone; raises Invalid.

    >>> check_time_zone("Europe/Berlin")
    'Europe/Berlin'
    """
    name = name.strip()
    if name != "UTC" and name not in _known():
        message = f"There is no time zone {name[:100]!r}. Use a name such as Europe/Berlin or UTC."
        raise Invalid(message, fields={"time_zone": message})
    return name


def zone_of(course: Course) -> tzinfo:
    """A course's time zone; UTC if this machine no longer knows it."""
    known = course.time_zone in _known()
    return ZoneInfo(course.time_zone) if known and course.time_zone != "UTC" else UTC


def by_clock(moment: datetime, course: Course) -> str:
    """A moment by a course's clock, such as `2027-03-01 at 18:00 CET`."""
    return f"{moment.astimezone(zone_of(course)):%Y-%m-%d at %H:%M %Z}"


def shift_days(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The moment some days later, at the same local time.

    >>> before = datetime(2027, 3, 26, 17, tzinfo=UTC)  # 18:00 in Berlin, before summer time
    >>> shift_days(before, 7, ZoneInfo("Europe/Berlin")).isoformat()
    '2027-04-02T16:00:00+00:00'
    """
    local = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=zone).astimezone(UTC)


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
