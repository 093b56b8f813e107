"""The options of an assignment on the command line: how they are read, and how they are shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, TypeVar

import click

from service.cli.errors import CommandError

if TYPE_CHECKING:
    from service.courses.late_rules import LateRule
    from service.courses.options import AssignmentOptions
    from worker.report.names import Names

Command = TypeVar("Command", bound=Callable[..., Any])

MAX_DIGITS = 7  # of a number of attempts
NONE, UNLIMITED = "none", "unlimited"


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
        "--opens",
        "opens_at",
        metavar="DATE",
        help=f"When submissions begin, like --deadline. `{NONE}` removes it.",
    ),
    click.option(
        "--deadline",
        metavar="DATE",
        help="In the course's time zone: 2027-03-01T18:00, or 2027-03-01 for the end of that day "
        f"(23:59:59). 2027-03-01T18:00+01:00 has its own offset. `{NONE}` removes it.",
    ),
    click.option(
        "--refuse-late/--accept-late",
        default=None,
        help="Whether submissions after the deadline are rejected.  [default: accept-late]",
    ),
    click.option(
        "--late-percent",
        type=float,
        help="Accept late submissions; each day that begins after the deadline costs this "
        "percentage of the score.",
    ),
    click.option(
        "--late-floor",
        type=float,
        help="The percentage of the score that a late submission keeps however late it is.  "
        "[default: 0]",
    ),
    click.option(
        "--grace",
        "grace_minutes",
        type=int,
        help="For how many minutes after the deadline a submission isn't late.  [default: 0]",
    ),
    click.option(
        "--attempts",
        type=Attempts(),
        help=f"How many attempts a student has, or `{UNLIMITED}`.  [default: {UNLIMITED}]",
    ),
    click.option(
        "--pause",
        "pause_minutes",
        type=int,
        help="How many minutes a student waits between two attempts.  [default: 0]",
    ),
    click.option(
        "--counts",
        "attempt_that_counts",
        type=click.Choice(["best", "latest"]),
        help="Which attempt gives the mark.  [default: best]",
    ),
    click.option(
        "--feedback",
        type=click.Choice(["full", "tests", "score", "nothing_until_deadline"]),
        help="How much of a report students see.  [default: full]",
    ),
    click.option(
        "--hold-marks/--show-marks",
        default=None,
        help="Whether students see marks only after you release them.  [default: show-marks]",
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
    late_policy: LateRule,
    zone: tzinfo,
    *,
    points: tuple[str, ...],
    attempts: int | str | None,
    **given: Any,
) -> dict[str, Any]:
    """The values for `AssignmentOptions` that the command line gives.

    `names` and `late_policy` are the current ones; their parts that aren't given stay. An empty
    name leaves that part of an engine free again. A date without an offset is in `zone`.
    """
    from service.courses.models import AttemptThatCounts, Feedback

    named = {part: given.pop(option) for option, part in NAMES.items()}
    late = _read_late_policy(
        late_policy,
        refuse=given.pop("refuse_late"),
        percent=given.pop("late_percent"),
        floor=given.pop("late_floor"),
        grace_minutes=given.pop("grace_minutes"),
    )
    changes = {option: value for option, value in given.items() if value is not None}
    for option in ("opens_at", "deadline"):
        if option in changes:
            changes[option] = _read_moment(changes[option], zone)
    for option, kind in (("attempt_that_counts", AttemptThatCounts), ("feedback", Feedback)):
        if option in changes:
            changes[option] = kind(changes[option])
    if points:
        changes["suites"] = _read_points(points)
    if late:
        changes["late_policy"] = late
    if attempts is not None:
        changes["attempt_limit"] = None if attempts == UNLIMITED else attempts
    named = {part: name or None for part, name in named.items() if name is not None}
    if named:
        changes["names"] = dataclasses.replace(names, **named)
    return changes


def describe(options: AssignmentOptions, zone: tzinfo) -> dict[str, str]:
    """Each option in words, by its label; dates are in `zone`."""
    limit, pause = options.attempt_limit, options.pause_minutes
    return {
        "title": options.title,
        "description": options.description or NONE,
        "opens": _describe_moment(options.opens_at, zone),
        "deadline": _describe_moment(options.deadline, zone),
        "if late": _describe_late_policy(options.late_policy),
        "attempts": UNLIMITED if limit is None else str(limit),
        "pause": f"{pause} minutes" if pause else NONE,
        "counts": f"the {options.attempt_that_counts} attempt",
        "feedback": options.feedback,
        "marks": "held until released" if options.hold_marks else "shown",
        "suites": ", ".join(f"{name}={points:.10g}" for name, points in options.suites.items()),
        "names": options.names.to_text() or "any",
        "random graphs": "one set per student" if options.draw_per_student else "the same for all",
        "precision": "double" if options.require_double else "single or double",
    }


def _describe_moment(moment: datetime | None, zone: tzinfo) -> str:
    return NONE if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _read_moment(text: str, zone: tzinfo) -> datetime | None:
    from service.courses.moments import read_moment

    if text == NONE:
        return None
    try:
        moment = read_moment(text, zone)
    except ValueError as error:
        raise CommandError(f"{text!r}: {error}") from None
    if moment is None:
        raise CommandError(f"The date is empty. Give one such as 2027-03-01, or `{NONE}`.")
    return moment


def _describe_late_policy(rule: LateRule) -> str:
    text = "rejected" if rule.kind == "refuse" else "accepted"
    if rule.percent is not None:
        text += f", minus {rule.percent:g} % a day, down to {rule.floor:g} %"
    return f"{text}, after {rule.grace_minutes} minutes" if rule.grace_minutes else text


def _read_late_policy(
    current: LateRule,
    *,
    refuse: bool | None,
    percent: float | None,
    floor: float | None,
    grace_minutes: int | None,
) -> dict[str, Any]:
    """The late policy with what is given; empty if nothing is."""
    from service.courses.late_rules import LateKind

    rule = current.model_dump()
    if refuse is not None:
        kind = LateKind.REFUSE if refuse else LateKind.ACCEPT
        rule |= {"kind": kind, "percent": None, "floor": 0.0}
    if percent is not None:
        rule |= {"kind": LateKind.PERCENT_PER_DAY, "percent": percent}
    if floor is not None:
        rule["floor"] = floor
    if grace_minutes is not None:
        rule["grace_minutes"] = grace_minutes
    return rule if (refuse, percent, floor, grace_minutes) != (None,) * 4 else {}


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
