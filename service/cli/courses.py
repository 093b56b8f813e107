"""`chainrule course`: create, change, list and delete courses."""

from __future__ import annotations

import click

from service.cli.database import find_course, open_database
from service.cli.errors import CommandError
from service.cli.installation import read_settings


@click.group()
def course() -> None:
    """Manage courses."""


@course.command("add")
@click.argument("slug")
@click.option("--title", required=True)
@click.option("--time-zone", default="UTC", show_default=True, help="Such as Europe/Berlin.")
def add_course(slug: str, title: str, time_zone: str) -> None:
    """Create a course; SLUG is its address."""
    from service.courses.courses import create_course

    with open_database() as (session, actor):
        create_course(session, actor, slug=slug, title=title, time_zone=time_zone)
    click.echo(
        f"Course {slug} was created. Next, its teacher: "
        f"chainrule user add EMAIL --name NAME --course {slug} --role teacher"
    )


@course.command("change")
@click.argument("slug")
@click.option("--title")
@click.option("--slug", "new_slug", help="Another address. Links to the old one stop working.")
@click.option("--time-zone", help="Such as Europe/Berlin. No deadline moves.")
def change_course(
    slug: str, title: str | None, new_slug: str | None, time_zone: str | None
) -> None:
    """Change a course; what isn't given stays as it is."""
    from service.courses.courses import change_course as change

    if title is None and new_slug is None and time_zone is None:
        raise click.UsageError("Give at least one of --title, --slug and --time-zone.")
    with open_database() as (session, actor):
        found = find_course(session, actor, slug)
        change(session, actor, found, title=title, slug=new_slug, time_zone=time_zone)
        click.echo(f"Course {found.slug} has the title: {found.title}")
        click.echo(f"Its time zone is {found.time_zone}.")


@course.command("copy")
@click.argument("slug")
@click.argument("new_slug")
@click.option("--title", required=True)
@click.option(
    "--shift-days",
    type=int,
    default=0,
    show_default=True,
    help="Move all dates by days; 364 days are 52 weeks.",
)
def copy_course(slug: str, new_slug: str, title: str, shift_days: int) -> None:
    """Copy a course's assignments to a new course, without people."""
    from service.courses.copying import copy_course as copy

    with open_database() as (session, actor):
        found = find_course(session, actor, slug)
        made = copy(session, actor, found, slug=new_slug, title=title, days=shift_days)
        count = len(made.assignments)
    click.echo(
        f"Course {new_slug} was created with {count} "
        f"{'assignment' if count == 1 else 'assignments'}. Next, its teacher: "
        f"chainrule user add EMAIL --name NAME --course {new_slug} --role teacher"
    )


@course.command("list")
def list_courses() -> None:
    """List courses with their assignments."""
    from service.courses.courses import list_all_courses

    with open_database() as (session, actor):
        for found in list_all_courses(session, actor):
            slugs = ", ".join(each.slug for each in found.assignments)
            click.echo(f"{found.slug}  {found.title}  {slugs}".rstrip())


@course.command("delete", short_help="Delete a course with everything in it.")
@click.argument("slug")
@click.option("--yes", is_flag=True, help="Delete without asking, for scripts.")
def delete_course(slug: str, yes: bool) -> None:
    """Delete a course with everything in it: assignments, submissions, reports and marks.

    It can't be undone, so the command asks you to type SLUG again. People keep their accounts.
    """
    from service.marks import deletion

    with open_database() as (session, actor):
        found = find_course(session, actor, slug)
        extent = deletion.extent_of_course(session, actor, found)
        session.commit()  # nobody waits for the database while this waits for an answer
        if not yes:
            click.echo(
                f"{found.title}: people {extent.people}, assignments {extent.assignments}, "
                f"submissions {extent.submissions}. Deleting them can't be undone."
            )
            if click.prompt(f"Type {slug} to delete it", default="", show_default=False) != slug:
                raise CommandError("Nothing was deleted.")
            found = find_course(session, actor, slug)
        deletion.delete_course(session, actor, found, read_settings())
    click.echo(f"Course {slug} was deleted.")
