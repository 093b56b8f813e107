"""The options of an assignment on the command line: how they are read, and how they are shown."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.cli.errors import CommandError

if TYPE_CHECKING:
    from service.courses.options import AssignmentOptions
    from worker.report.names import Names

Command = TypeVar("Command", bound=Callable[..., Any])

MAX_DIGITS = 7  # of a number of attempts
NONE, UNLIMITED = "none", "unlimited"
# How a moment may be written, and what is added to it: a date alone means the end of that day.
FORMATS = {
    "%Y-%m-%d": timedelta(days=1, seconds=-1),
    "%Y-%m-%dT%H:%M": timedelta(),
    "%Y-%m-%d %H:%M": timedelta(),
}


class Deadline(click.ParamType[datetime | str]):
    """A moment in UTC, or NONE. A date alone means the end of that day."""

    name = "date"

    def convert(
        self, value: datetime | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | str:
        """The moment, aware; fails if it can't be read."""
        if isinstance(value, datetime) or value == NONE:
            return value
        for form, rest in FORMATS.items():
            with contextlib.suppress(ValueError):
                return datetime.strptime(value, form).replace(tzinfo=UTC) + rest
        return self.fail(
            f"{value!r}: give a date such as 2026-03-01 or 2026-03-01T18:00, or {NONE}.", param, ctx
        )


class Attempts(click.ParamType[int | str]):
    """A number of attempts, or UNLIMITED."""

    name = "number"

    def convert(
        self, value: int | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """The number; fails if it isn't one."""
        if isinstance(value, int) or value == UNLIMITED:
            return value
        if not (value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS):
            self.fail(f"{value!r}: give a number from 1 up, or {UNLIMITED}.", param, ctx)
        return int(value)


OPTIONS = (
    click.option("--description", help="What students read above the form, in Markdown."),
    click.option(
        "--deadline",
        type=Deadline(),
        help="In UTC: 2026-03-01T18:00, or 2026-03-01 for the end of that day (23:59:59). "
        f"`{NONE}` removes it.",
    ),
    click.option(
        "--refuse-late/--accept-late",
        default=None,
        help="Whether submissions after the deadline are rejected.  [default: accept-late]",
    ),
    click.option(
        "--attempts",
        type=Attempts(),
        help=f"How many attempts a student has, or `{UNLIMITED}`.  [default: {UNLIMITED}]",
    ),
    click.option(
        "--suite",
        "points",
        multiple=True,
        metavar="NAME=POINTS",
        help="A suite and its points, such as rules=80; with 0 it is for information. Repeat it "
        "for several. Together they replace all suites.  [default: every suite, its usual points]",
    ),
    click.option("--class-name", help="The name that the class must have."),
    click.option("--data-name", help="The attribute that has the number."),
    click.option("--grad-name", help="The attribute that has the gradient."),
    click.option("--backward-name", help="The method that runs backward."),
    click.option(
        "--draw-per-student/--same-for-all",
        default=None,
        help="Whether each student gets other random graphs.  [default: same-for-all]",
    ),
    click.option(
        "--require-double/--accept-single",
        default=None,
        help="Whether engines must compute in double precision (float64).  "
        "[default: accept-single]",
    ),
)
NAMES = {
    "class_name": "class_name",
    "data_name": "data",
    "grad_name": "grad",
    "backward_name": "backward",
}


def assignment_options(command: Command) -> Command:
    """Decorate a command with every option of an assignment but its title."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read_changes(
    names: Names,
    *,
    points: tuple[str, ...],
    deadline: datetime | str | None,
    refuse_late: bool | None,
    attempts: int | str | None,
    **given: Any,
) -> dict[str, Any]:
    """The values for `AssignmentOptions` that the command line gives; `names` are the current ones.

    An empty name leaves that part of an engine free again.
    """
    from service.courses.models import LatePolicy

    named = {part: given.pop(option) for option, part in NAMES.items()}
    changes = {option: value for option, value in given.items() if value is not None}
    if points:
        changes["suites"] = _read_points(points)
    if deadline is not None:
        changes["deadline"] = None if deadline == NONE else deadline
    if refuse_late is not None:
        changes["late_policy"] = LatePolicy.REFUSE if refuse_late else LatePolicy.ACCEPT
    if attempts is not None:
        changes["attempt_limit"] = None if attempts == UNLIMITED else attempts
    named = {part: name or None for part, name in named.items() if name is not None}
    if named:
        changes["names"] = dataclasses.replace(names, **named)
    return changes


def describe(options: AssignmentOptions) -> dict[str, str]:
    """Each option in words, by its label."""
    from service.courses.models import LatePolicy

    limit, deadline = options.attempt_limit, options.deadline
    return {
        "title": options.title,
        "description": options.description or NONE,
        "deadline": NONE if deadline is None else f"{deadline:%Y-%m-%d %H:%M:%S} UTC",
        "if late": "rejected" if options.late_policy is LatePolicy.REFUSE else "accepted",
        "attempts": UNLIMITED if limit is None else str(limit),
        "suites": ", ".join(f"{name}={points:.10g}" for name, points in options.suites.items()),
        "names": options.names.to_text() or "any",
        "random graphs": "one set per student" if options.draw_per_student else "the same for all",
        "precision": "double" if options.require_double else "single or double",
    }


def _read_points(texts: tuple[str, ...]) -> dict[str, float]:
    points: dict[str, float] = {}
    for text in texts:
        name, _, number = text.partition("=")
        if name in points:
            raise CommandError(f"The suite {name} is given twice.")
        try:
            points[name] = float(number)
        except ValueError:
            raise CommandError(
                f"{text!r}: give a suite and its points, such as rules=80."
            ) from None
    return points
