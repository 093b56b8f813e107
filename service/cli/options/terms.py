"""What an assignment asks for, as options spell it: until when, how often, for how many points."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import click

from service.cli.errors import Refused

MOST_POINTS = 1_000_000
LONGEST = 7  # digits of a number of attempts
NONE, UNLIMITED = "none", "unlimited"
# How a moment is spelled, and what of the day is added to what is read.
FORMS = {
    "%Y-%m-%d": timedelta(days=1, seconds=-1),
    "%Y-%m-%dT%H:%M": timedelta(),
    "%Y-%m-%d %H:%M": timedelta(),
}
WHEN = "In UTC: 2026-03-01T18:00, or 2026-03-01 for the end of that day (23:59:59)."
POINTS = (
    "A suite and its points, such as rules=80, or 0 to run it for no points; "
    "give it several times for several."
)


class Filled(click.ParamType[str]):
    """A title or a name that says something."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text without space around it; fails where nothing is left."""
        if not value.strip():
            self.fail("say something.", param, ctx)
        return value.strip()


class Deadline(click.ParamType[datetime | str]):
    """A moment in UTC, or NONE. A date alone means the end of that day."""

    name = "date"

    def convert(
        self, value: datetime | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime | str:
        """The moment, aware; fails where it cannot be read."""
        if isinstance(value, datetime) or value == NONE:
            return value
        for form, rest in FORMS.items():
            with contextlib.suppress(ValueError):
                return datetime.strptime(value, form).replace(tzinfo=UTC) + rest
        return self.fail(
            f"{value!r}: give a date such as 2026-03-01 or 2026-03-01T18:00.", param, ctx
        )


class Attempts(click.ParamType[int | str]):
    """How many attempts a student has, or UNLIMITED."""

    name = "number"

    def convert(
        self, value: int | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> int | str:
        """The number; fails where it is none from 1 up."""
        if isinstance(value, int) or value == UNLIMITED:
            return value
        readable = value.isascii() and value.isdigit() and len(value) <= LONGEST
        if not readable or int(value) == 0:
            self.fail(f"{value!r}: give a number from 1 up, or {UNLIMITED}.", param, ctx)
        return int(value)


def read_weights(points: tuple[str, ...]) -> dict[str, float]:
    """Suites and their points; every suite with its usual ones where none is given."""
    from worker.suites import catalogue
    from worker.suites.cases import Kind

    if not points:
        return {name: catalogue.outline(name).weight for name in catalogue.names()}
    weights = {}
    for text in points:
        name, _, number = text.partition("=")
        if name not in catalogue.names():
            raise Refused(f"There is no suite {name!r}. There are: {', '.join(catalogue.names())}.")
        if name in weights:
            raise Refused(f"The suite {name} is given twice.")
        weights[name] = _points(number, text)
        if weights[name] and all(
            case.kind is Kind.CONVENTION for case in catalogue.load(name).cases
        ):
            raise Refused(f"The suite {name} has no right and wrong: give it 0 points.")
    if not any(weights.values()):
        raise Refused("Give points to one suite at least: with 0 it is for information.")
    return weights


def _points(number: str, text: str) -> float:
    try:
        points = float(number)
    except ValueError:
        points = -1.0
    if not 0 <= points <= MOST_POINTS:
        raise Refused(f"{text!r}: give a suite and its points, such as rules=80.")
    return points
