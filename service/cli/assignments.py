"""`chainrule assignment`: create, change and list the assignments of a course."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import click

from service.cli.database import find_assignment, find_course, open_database
from service.cli.options.assignment import assignment_options, describe, read_changes

if TYPE_CHECKING:
    from service.courses.models import Assignment
    from service.courses.options import AssignmentOptions


WIDTH = 78  # columns


@click.group()
def assignment() -> None:
    """Manage assignments."""


@assignment.command("add", short_help="Create an assignment in a course.")
@click.argument("course_slug", metavar="COURSE")
@click.argument("slug")
@click.option("--title", required=True)
@assignment_options
def add_assignment(course_slug: str, slug: str, **given: Any) -> None:
    """Create an assignment in a course; SLUG is its address.

    A name that isn't given is found by how the student's class behaves.
    """
    from service.courses.assignments import create_assignment
    from service.courses.late_rules import LateKind, LateRule
    from service.courses.options import AssignmentOptions
    from service.courses.time_zones import zone_of
    from worker.report.names import Names

    with open_database() as (session, actor):
        course = find_course(session, actor, course_slug)
        late_policy = LateRule(kind=LateKind.ACCEPT)
        changes = read_changes(Names(), late_policy, zone_of(course), **given)
        options = AssignmentOptions.read(**changes)
        create_assignment(session, actor, course, slug, options)
    total = sum(options.suites.values())
    click.echo(f"Assignment {slug} was created, worth {total:g} points.")


@assignment.command("change", short_help="Change an assignment of a course.")
@click.argument("course_slug", metavar="COURSE")
@click.argument("slug")
@click.option("--title")
@assignment_options
def change_assignment(course_slug: str, slug: str, **given: Any) -> None:
    """Change an assignment of a course; what isn't given stays as it is.

    New suites and points apply to gradings from now on. Earlier results keep their points until
    they are graded again.
    """
    from service.courses import assignments
    from service.courses.time_zones import zone_of

    with open_database() as (session, actor):
        found = find_assignment(session, actor, course_slug, slug)
        before = assignments.options_of(found)
        changes = read_changes(before.names, before.late_policy, zone_of(found.course), **given)
        if not changes:
            raise click.UsageError(
                "Give at least one option, such as --title or --deadline. "
                "See: chainrule assignment change --help"
            )
        after = assignments.change_assignment(session, actor, found, changes)
        click.echo("\n".join(_show_change(found, before, after)))


@assignment.command("list", short_help="List the assignments of a course.")
@click.argument("course_slug", metavar="COURSE")
def list_assignments(course_slug: str) -> None:
    """List the assignments of a course with their options."""
    from service.courses.assignments import options_of
    from service.courses.time_zones import zone_of

    with open_database() as (session, actor):
        course = find_course(session, actor, course_slug)
        for found in course.assignments:
            click.echo(found.slug)
            for label, text in describe(options_of(found), zone_of(course)).items():
                click.echo(_indent(label, text))


def _show_change(
    found: Assignment, before: AssignmentOptions, after: AssignmentOptions
) -> list[str]:
    """What changed, and what follows from it."""
    from service.courses.time_zones import zone_of
    from service.store.base import now

    if after == before:
        return [f"Assignment {found.slug} didn't change."]
    lines = [f"Assignment {found.slug} was changed:"]
    zone = zone_of(found.course)
    old, new = describe(before, zone), describe(after, zone)
    for label in new:
        if new[label] != old[label]:
            lines += [_indent(label, new[label]), _indent("", f"was {old[label]}")]
    if after.suites != before.suites:
        lines.append("Earlier results keep their points until they are graded again.")
    if found.closed(now()):
        passed = found.deadline_closed(now())
        why = "its deadline has passed" if passed else "it was closed by hand"
        lines.append(f"It accepts no submissions: {why}.")
    return lines


def _indent(label: str, text: str) -> str:
    start = f"  {label:13}  "
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_on_hyphens=False,  # names of suites have hyphens
    )
