"""`chainrule assignment`: what an operator sets for a course."""

from __future__ import annotations

import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from service.cli.database import books, checked_slug, find_course
from service.cli.errors import Refused
from service.cli.options.names import PythonName
from service.cli.options.terms import (
    NONE,
    POINTS,
    UNLIMITED,
    WHEN,
    Attempts,
    Deadline,
    Filled,
    read_weights,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.courses.models import Assignment, AssignmentSuite


WIDTH = 78  # columns


@click.group()
def assignment() -> None:
    """Manage assignments."""


@assignment.command("add", short_help="Create an assignment in a course.")
@click.argument("course_slug", metavar="COURSE")
@click.argument("slug")
@click.option("--title", type=Filled(), required=True)
@click.option("--suite", "points", multiple=True, metavar="NAME=POINTS", help=POINTS)
@click.option("--deadline", type=Deadline(), default=NONE, show_default=True, help=WHEN)
@click.option("--refuse-late", is_flag=True, help="Refuse what comes after the deadline.")
@click.option(
    "--attempts",
    type=Attempts(),
    default=UNLIMITED,
    show_default=True,
    help="How many attempts a student has.",
)
@click.option("--class-name", type=PythonName(), help="The name that the class must have.")
@click.option("--data-name", type=PythonName(), help="The attribute that holds the number.")
@click.option("--grad-name", type=PythonName(), help="The attribute that holds the gradient.")
@click.option("--backward-name", type=PythonName(), help="The method that runs backward.")
@click.option(
    "--draw-per-student",
    is_flag=True,
    help="Draw random graphs for each student; without it, all get the same.",
)
def add_assignment(
    course_slug: str,
    slug: str,
    points: tuple[str, ...],
    deadline: datetime | str,
    refuse_late: bool,
    attempts: int | str,
    **fields: Any,
) -> None:
    """Create an assignment in a course; SLUG is its address.

    Without --suite it has every suite with its usual points. A name that is not given is found by
    what the student's class does.
    """
    from sqlalchemy import select

    from service.courses.models import Assignment, LatePolicy

    weights = read_weights(points)
    with books() as session:
        if session.scalar(select(Assignment).where(Assignment.slug == slug)) is not None:
            raise Refused(f"There is an assignment {slug} already.")
        session.add(
            Assignment(
                course=find_course(session, course_slug),
                slug=checked_slug(slug),
                deadline=None if deadline == NONE else deadline,
                late_policy=LatePolicy.REFUSE if refuse_late else LatePolicy.ACCEPT,
                attempt_limit=None if attempts == UNLIMITED else attempts,
                suites=_rows(weights),
                **fields,
            )
        )
    click.echo(f"Assignment {slug} is there, worth {sum(weights.values()):g} points.")


@assignment.command("change", short_help="Change an assignment of a course.")
@click.argument("course_slug", metavar="COURSE")
@click.argument("slug")
@click.option("--title", type=Filled())
@click.option("--deadline", type=Deadline(), help=f"{WHEN} `{NONE}` takes it away.")
@click.option("--refuse-late/--accept-late", default=None, help="What to do after the deadline.")
@click.option(
    "--attempts", type=Attempts(), help=f"How many attempts a student has, or `{UNLIMITED}`."
)
@click.option(
    "--suite",
    "points",
    multiple=True,
    metavar="NAME=POINTS",
    help=f"{POINTS} They take the place of all that it has.",
)
def change_assignment(course_slug: str, slug: str, **given: Any) -> None:
    """Change an assignment of a course; what is not given stays as it is.

    Suites and points hold for what is graded from now on. What is graded already keeps its points
    until it is graded again.
    """
    wanted = _wanted(**given)
    if not wanted:
        raise click.UsageError(
            "Say what to change by one option at least: --title, --deadline, --refuse-late, "
            "--accept-late, --attempts or --suite."
        )
    with books() as session:
        found = _find(session, course_slug, slug)
        before = _spell(found)
        for name, value in wanted.items():
            setattr(found, name, value)
        told = _tell_change(found, before)
    click.echo("\n".join(told))  # only what is in the books by now


def _wanted(
    title: str | None,
    deadline: datetime | str | None,
    refuse_late: bool | None,
    attempts: int | str | None,
    points: tuple[str, ...],
) -> dict[str, Any]:
    """What an assignment's attributes are to be, of those that change."""
    from service.courses.models import LatePolicy

    wanted: dict[str, Any] = {}
    if title is not None:
        wanted["title"] = title
    if deadline is not None:
        wanted["deadline"] = None if deadline == NONE else deadline
    if refuse_late is not None:
        wanted["late_policy"] = LatePolicy.REFUSE if refuse_late else LatePolicy.ACCEPT
    if attempts is not None:
        wanted["attempt_limit"] = None if attempts == UNLIMITED else attempts
    if points:
        wanted["suites"] = _rows(read_weights(points))
    return wanted


def _rows(weights: dict[str, float]) -> list[AssignmentSuite]:
    from service.courses.models import AssignmentSuite

    return [
        AssignmentSuite(suite=name, weight=weight, position=position)
        for position, (name, weight) in enumerate(weights.items())
    ]


def _find(session: Session, course_slug: str, slug: str) -> Assignment:
    course = find_course(session, course_slug)
    for found in course.assignments:
        if found.slug == slug:
            return found
    there = ", ".join(found.slug for found in course.assignments) or "none yet"
    raise Refused(f"There is no assignment {slug} in {course_slug}. There are: {there}.")


def _spell(found: Assignment) -> dict[str, str]:
    """What may change of an assignment, in words."""
    from service.courses.models import LatePolicy

    limit, deadline = found.attempt_limit, found.deadline
    return {
        "title": found.title,
        "deadline": NONE if deadline is None else f"{deadline:%Y-%m-%d %H:%M:%S} UTC",
        "late ones": "refused" if found.late_policy is LatePolicy.REFUSE else "accepted",
        "attempts": UNLIMITED if limit is None else str(limit),
        "suites": ", ".join(f"{each.suite}={each.weight:.10g}" for each in found.suites),
    }


def _tell_change(found: Assignment, before: dict[str, str]) -> list[str]:
    """What is different now from before, and what follows from it."""
    from service.store.base import now

    after = _spell(found)
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        return [f"Assignment {found.slug} is as it was."]
    told = [f"Assignment {found.slug} is changed:"]
    for name in changed:
        for label, text in ((name, after[name]), ("", f"was {before[name]}")):
            told.append(_indent(f"  {label:9}  ", text))
    if "suites" in changed:
        told.append("What is graded already keeps its points until it is graded again.")
    moment = now()
    if found.closed(moment) and {"deadline", "late ones"} & set(changed):
        passed = found.deadline_closed(moment)
        why = "its deadline has passed" if passed else "it was closed by hand"
        told.append(f"It takes nothing more: {why}.")
    return told


def _indent(label: str, text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=label,
        subsequent_indent=" " * len(label),
        break_on_hyphens=False,  # they belong to the names of suites
    )
