"""`chainrule course`: create, change and list courses."""

from __future__ import annotations

import click

from service.cli.database import find_course, open_database


@click.group()
def course() -> None:
    """Manage courses."""


@course.command("add")
@click.argument("slug")
@click.option("--title", required=True)
def add_course(slug: str, title: str) -> None:
    """Create a course; SLUG is its address."""
    from service.courses.courses import create_course

    with open_database() as (session, actor):
        create_course(session, actor, slug=slug, title=title)
    click.echo(
        f"Course {slug} was created. Next, its teacher: "
        f"chainrule user add EMAIL --name NAME --course {slug} --role teacher"
    )


@course.command("change")
@click.argument("slug")
@click.option("--title", required=True)
def change_course(slug: str, title: str) -> None:
    """Give a course another title."""
    from service.courses.courses import change_course as change

    with open_database() as (session, actor):
        found = find_course(session, actor, slug)
        change(session, actor, found, title=title)
        click.echo(f"Course {slug} has the title: {found.title}")


@course.command("list")
def list_courses() -> None:
    """List courses with their assignments."""
    from service.courses.courses import list_all_courses

    with open_database() as (session, actor):
        for found in list_all_courses(session, actor):
            slugs = ", ".join(each.slug for each in found.assignments)
            click.echo(f"{found.slug}  {found.title}  {slugs}".rstrip())
