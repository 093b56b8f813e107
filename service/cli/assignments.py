"""`chainrule assignment`: what an operator sets for a course."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click

from service.cli.books import books, checked_slug, find_course
from service.cli.names import PythonName

MOST_POINTS = 1_000_000
POINTS = (
    "A suite and its points, such as rules=80, or 0 to have it told and not marked; "
    "give it several times for several."
)


@click.group()
def assignment() -> None:
    """Manage assignments."""


@assignment.command("add")
@click.argument("course_slug", metavar="COURSE")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--suite", "points", multiple=True, metavar="NAME=POINTS", help=POINTS)
@click.option("--deadline", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="In UTC.")
@click.option("--refuse-late", is_flag=True, help="Refuse what comes after the deadline.")
@click.option("--attempts", type=click.IntRange(min=1), help="How many attempts a student has.")
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
    deadline: datetime | None,
    refuse_late: bool,
    attempts: int | None,
    **fields: Any,
) -> None:
    """Create an assignment in a course; SLUG is its address.

    Without --suite it has every suite with its usual points. A name that is not given is found by
    what the student's class does.
    """
    from sqlalchemy import select

    from service.models import Assignment, AssignmentSuite, LatePolicy

    weights = _weights(points)
    with books() as session:
        if session.scalar(select(Assignment).where(Assignment.slug == slug)) is not None:
            raise click.UsageError(f"There is an assignment {slug} already.")
        session.add(
            Assignment(
                course=find_course(session, course_slug),
                slug=checked_slug(slug),
                deadline=None if deadline is None else deadline.replace(tzinfo=UTC),
                late_policy=LatePolicy.REFUSE if refuse_late else LatePolicy.ACCEPT,
                attempt_limit=attempts,
                suites=[
                    AssignmentSuite(suite=name, weight=weight, position=position)
                    for position, (name, weight) in enumerate(weights.items())
                ],
                **fields,
            )
        )
    click.echo(f"Assignment {slug} is there, worth {sum(weights.values()):g} points.")


def _weights(points: tuple[str, ...]) -> dict[str, float]:
    from worker import suites

    if not points:
        return {name: suites.outline(name).weight for name in suites.names()}
    weights = {}
    for text in points:
        name, _, number = text.partition("=")
        if name not in suites.names():
            raise click.UsageError(
                f"There is no suite {name!r}. There are: {', '.join(suites.names())}."
            )
        if name in weights:
            raise click.UsageError(f"The suite {name} is given twice.")
        weights[name] = _points(number, text)
        if weights[name] and all(
            case.kind is suites.Kind.CONVENTION for case in suites.load(name).cases
        ):
            raise click.UsageError(f"The suite {name} is told, never marked: give it 0 points.")
    if not any(weights.values()):
        raise click.UsageError("Give points to one suite at least: 0 has a suite told, not marked.")
    return weights


def _points(number: str, text: str) -> float:
    try:
        points = float(number)
    except ValueError:
        points = -1.0
    if not 0 <= points <= MOST_POINTS:
        raise click.UsageError(f"{text!r}: give a suite and its points, such as rules=80.")
    return points
