"""`chainrule regrade`: grade an assignment's submissions again, first as a preview."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from service.cli.database import find_assignment, open_database
from service.cli.errors import CommandError
from service.cli.installation import read_settings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from service.courses.models import Assignment
    from service.marks.models import Regrade
    from service.people.actors import LocalOperator

WHICH = click.Choice(["counting", "latest", "all"])


@click.group()
def regrade() -> None:
    """Grade an assignment again. Nothing counts before you apply it."""


@regrade.command(short_help="Start a regrade, as a preview.")
@click.argument("course")
@click.argument("assignment")
@click.option("--which", type=WHICH, default="counting", show_default=True)
def start(course: str, assignment: str, which: str) -> None:
    """Grade submissions of an assignment again. Submissions that arrive meanwhile come first."""
    from service.marks.models import Which
    from service.marks.regrades import start_regrade
    from service.submissions.queue import Queue

    with (
        open_database() as (session, actor),
        contextlib.closing(Queue(read_settings())) as queue,
    ):
        found = find_assignment(session, actor, course, assignment)
        started = start_regrade(session, actor, found, Which(which), queue.enqueue)
        count = len(started.entries)
    click.echo(
        f"{count} {'submission is' if count == 1 else 'submissions are'} graded again. "
        f"To see what changes: chainrule regrade show {course} {assignment}"
    )


@regrade.command()
@click.argument("course")
@click.argument("assignment")
def show(course: str, assignment: str) -> None:
    """Show the progress of the newest regrade, then whose mark changes."""
    from service.marks.models import RegradeStatus
    from service.marks.regrade_changes import find_changes
    from service.marks.regrades import find_regrade

    with open_database() as (session, actor):
        found = find_assignment(session, actor, course, assignment)
        newest = _newest(session, actor, found)
        progress = find_regrade(session, actor, newest.id)
        click.echo(f"{progress.status}: {progress.done} of {progress.of} graded again.")
        if progress.errored:
            click.echo(f"{progress.errored} failed on our side. Their old results keep counting.")
        if progress.status is RegradeStatus.RUNNING:
            return
        changes = find_changes(session, actor, found, newest)
        for change in changes:
            before, after = (
                "none" if score is None else f"{score:g}" for score in (change.before, change.after)
            )
            tests = ", ".join(f"{each.case} {each.turn}" for each in change.cases)
            click.echo(f"{change.student.email}  {before} -> {after}  {tests}".rstrip())
        if not changes:
            click.echo("No mark changes.")


@regrade.command()
@click.argument("course")
@click.argument("assignment")
def apply(course: str, assignment: str) -> None:
    """Let the results of the newest regrade count."""
    from service.marks.regrades import apply_regrade

    with open_database() as (session, actor):
        found = find_assignment(session, actor, course, assignment)
        apply_regrade(session, actor, _newest(session, actor, found).id)
    click.echo(f"The new marks count. To go back: chainrule regrade undo {course} {assignment}")


@regrade.command()
@click.argument("course")
@click.argument("assignment")
def undo(course: str, assignment: str) -> None:
    """Let the results from before the applied regrade count again."""
    from service.marks.models import RegradeStatus
    from service.marks.regrades import undo_regrade

    with open_database() as (session, actor):
        found = find_assignment(session, actor, course, assignment)
        undo_regrade(session, actor, _newest(session, actor, found, RegradeStatus.APPLIED).id)
    click.echo("The marks from before count again.")


@regrade.command()
@click.argument("course")
@click.argument("assignment")
def cancel(course: str, assignment: str) -> None:
    """Drop the newest regrade, unless it is applied."""
    from service.marks.regrades import cancel_regrade

    with open_database() as (session, actor):
        found = find_assignment(session, actor, course, assignment)
        cancel_regrade(session, actor, _newest(session, actor, found).id)
    click.echo("The regrade was cancelled. No mark has changed.")


def _newest(
    session: Session, actor: LocalOperator, assignment: Assignment, status: str | None = None
) -> Regrade:
    from service.marks.regrades import list_regrades

    for each in list_regrades(session, actor, assignment):
        if status is None or each.status == status:
            return each
    raise CommandError(
        f"There is no such regrade of {assignment.slug}. Start one: "
        f"chainrule regrade start {assignment.course.slug} {assignment.slug}"
    )
