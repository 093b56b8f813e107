"""Moments in the time zone of the course that a page is about."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from flask import g, has_app_context

from service.courses.models import Course
from service.courses.time_zones import zone_of


def use_times_of(course: Course) -> None:
    """Show times in this course's time zone from now on in this request.

    A page calls it where it finds what it is about.
    """
    g.zone = zone_of(course)


def current_zone() -> tzinfo:
    """The time zone of this page; UTC on pages of no course, and outside of any request."""
    zone: tzinfo = g.get("zone", UTC) if has_app_context() else UTC
    return zone


def zone_name() -> str:
    """The name of the time zone of this page, such as `Europe/Berlin`."""
    return str(current_zone())


def local(moment: datetime) -> str:
    """A moment as people read it, such as `3 Mar 2026, 15:05 CET`."""
    return f"{local_minute(moment)} {moment.astimezone(current_zone()):%Z}"


def local_minute(moment: datetime) -> str:
    """A moment without its time zone, for columns: `3 Mar 2026, 15:05`."""
    return f"{moment.astimezone(current_zone()):%-d %b %Y, %H:%M}"
