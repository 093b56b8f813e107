"""`chainrule course`: classes."""

from __future__ import annotations

import click

from service.cli.database import books, checked_slug, look_up_course
from service.cli.errors import Refused
from service.cli.options.terms import Filled


@click.group()
def course() -> None:
    """Manage courses."""


@course.command("add")
@click.argument("slug")
@click.option("--title", type=Filled(), required=True)
def add_course(slug: str, title: str) -> None:
    """Create a course; SLUG is its address."""
    from service.courses.models import Course

    with books() as session:
        if look_up_course(session, slug) is not None:
            raise Refused(f"There is a course {slug} already.")
        session.add(Course(slug=checked_slug(slug), title=title))
    click.echo(
        f"Course {slug} is there. Next, its teacher: "
        f"chainrule user add EMAIL --name NAME --course {slug} --role teacher"
    )
