"""Copy a course to the next term: its assignments without people."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.courses.access import require_teacher
from service.courses.assignments import options_of, set_options
from service.courses.courses import add_course
from service.courses.models import Assignment, Course
from service.courses.moments import YEARS
from service.courses.time_zones import shift_days, zone_of
from service.errors import Invalid
from service.people.actors import Actor
from service.store.base import now
from service.store.database import commit_unique

MOST_DAYS = 10_000


def copy_course(
    session: Session, actor: Actor, course: Course, *, slug: str, title: str, days: int
) -> Course:
    """Create a course with the same assignments, whose dates are `days` later; commits.

    The dates keep their local time when clocks change. Random graphs are others. Raises Invalid
    and Conflict like `create_course`.
    """
    require_teacher(session, actor, course.id)
    made = add_course(
        session,
        actor,
        slug=slug,
        title=title,
        time_zone=course.time_zone,
        recorded={
            "copied_from": str(course.id),
            "assignments": len(course.assignments),
            "shift_days": days,
        },
    )
    moment = now()
    for place, each in enumerate(course.assignments):
        options = options_of(each)
        copied = Assignment(course=made, slug=each.slug)
        copied.created_at = moment + timedelta(microseconds=place)  # lists keep the order
        dates = {
            name: _shift(getattr(options, name), days, course) for name in ("opens_at", "deadline")
        }
        set_options(copied, options.model_copy(update=dates))
        session.add(copied)
    commit_unique(session, "slug", f"There is a course {slug} already.")
    return made


def _shift(moment: datetime | None, days: int, course: Course) -> datetime | None:
    if moment is None:
        return None
    if abs(days) <= MOST_DAYS:
        shifted = shift_days(moment, days, zone_of(course))
        if shifted.year in YEARS:
            return shifted
    message = f"{days:,} days would move a date out of the calendar. Use a smaller number."
    raise Invalid(message, fields={"shift_days": message})
