"""The form of an assignment: all options as text, as a teacher types them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from typing import Any

from flask import request

from service.courses.late_rules import LateKind
from service.courses.models import AttemptThatCounts, Feedback
from service.courses.moments import read_moment
from service.courses.options import AssignmentOptions
from service.errors import Invalid, ServiceError
from service.web.forms import FormState
from service.web.view.local_time import write_moment
from worker.report.names import Names
from worker.suites import catalogue

POINTS = "points-"  # begins the name of a suite's field
MAX_DIGITS = 15


class Kind(StrEnum):
    """How the value of a field is typed and read."""

    MOMENT = "moment"
    WHOLE = "whole"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """The field of an option: its name is the option's. `choices` are values with their texts."""

    name: str
    label: str
    kind: Kind
    hint: str = ""
    choices: tuple[tuple[StrEnum, str], ...] = ()


# The options that have one field each, by the section of the form.
FIELDS: Mapping[str, tuple[OptionField, ...]] = {
    "dates": (
        OptionField(
            name="opens_at",
            label="Opens",
            kind=Kind.MOMENT,
            hint="Before this, students see only the title and dates.",
        ),
        OptionField(name="deadline", label="Deadline", kind=Kind.MOMENT),
    ),
    "attempts": (
        OptionField(
            name="attempt_limit",
            label="Attempts of each student",
            kind=Kind.WHOLE,
            hint="Empty: no limit.",
        ),
        OptionField(
            name="pause_minutes",
            label="Minutes between two attempts",
            kind=Kind.WHOLE,
            hint="Empty: no pause.",
        ),
        OptionField(
            name="attempt_that_counts",
            label="Attempt that counts",
            kind=Kind.CHOICE,
            choices=(
                (AttemptThatCounts.BEST, "the best attempt"),
                (AttemptThatCounts.LATEST, "the latest attempt"),
            ),
        ),
    ),
    "shown": (
        OptionField(
            name="feedback",
            label="Feedback",
            kind=Kind.CHOICE,
            choices=(
                (Feedback.FULL, "everything: tests, expected numbers, what to fix"),
                (Feedback.TESTS, "tests and their own numbers, without the expected ones"),
                (Feedback.SCORE, "the score alone"),
                (Feedback.NOTHING_UNTIL_DEADLINE, "nothing until the last deadline"),
            ),
        ),
        OptionField(
            name="hold_marks", label="Hold marks back until I release them", kind=Kind.FLAG
        ),
    ),
    "engine": (
        OptionField(name="require_double", label="Require double precision", kind=Kind.FLAG),
        OptionField(
            name="draw_per_student",
            label="Give each student different random graphs",
            kind=Kind.FLAG,
        ),
    ),
}
EVERY_FIELD = tuple(field for fields in FIELDS.values() for field in fields)
LATE_KINDS = (
    (LateKind.ACCEPT, "are accepted"),
    (LateKind.REFUSE, "are rejected"),
    (LateKind.PERCENT_PER_DAY, "lose a percentage for each day"),
)
NAMES = ("class_name", "data", "grad", "backward")
LABELS = {field.name: field.label for field in EVERY_FIELD} | {
    "slug": "Address",
    "title": "Title",
    "description": "Task text",
    "late_policy": "Late submissions",
    "suites": "Suites",
    "names": "Names",
}
# At which field the form shows an error of an option.
SHOWN_AT = {
    "late_policy": "late_kind",
    "late_policy.percent": "late_percent",
    "late_policy.floor": "late_floor",
    "late_policy.grace_minutes": "grace_minutes",
}


def fill_form(options: AssignmentOptions, zone: tzinfo, *, slug: str = "") -> FormState:
    """The form with the options of an assignment."""
    late = options.late_policy
    values = {
        "slug": slug,
        "title": options.title,
        "description": options.description,
        "late_kind": late.kind.value,
        "late_percent": "" if late.percent is None else f"{late.percent:g}",
        "late_floor": f"{late.floor:g}" if late.floor else "",
        "grace_minutes": str(late.grace_minutes or ""),
    }
    values |= {POINTS + name: f"{points:.10g}" for name, points in options.suites.items()}
    values |= {f"name_{part}": getattr(options.names, part) or "" for part in NAMES}
    for field in EVERY_FIELD:
        value = getattr(options, field.name)
        if field.kind is Kind.MOMENT:
            values[field.name] = write_moment(value, zone)
        elif field.kind is not Kind.FLAG or value:  # a box that isn't ticked isn't sent
            values[field.name] = "1" if value is True else str(value or "")
    return FormState(values=values)


def typed_form(error: ServiceError | None = None) -> FormState:
    """The form of this request as it was typed, with the messages of an error."""
    fields = {} if error is None else error.fields
    errors = {_field_of(name): text for name, text in fields.items()}
    message = "" if error is None or errors else error.message
    return FormState(values=request.form.to_dict(), errors=errors, message=message)


def read_options(zone: tzinfo) -> dict[str, Any]:
    """The options in the form of this request; raises Invalid with all that can't be read."""
    typed = request.form
    wrong: dict[str, str] = {}

    def read(name: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(typed.get(name, "").strip())
        except ValueError as error:
            wrong[name] = str(error)
            return None

    readers: dict[Kind, Callable[[str], Any]] = {
        Kind.MOMENT: lambda text: read_moment(text, zone),
        Kind.WHOLE: _whole,
        Kind.FLAG: bool,
    }
    values = {
        field.name: read(field.name, readers.get(field.kind) or _reader_of(field.choices))
        for field in EVERY_FIELD
    }
    kind = read("late_kind", _reader_of(LATE_KINDS)) or LateKind.ACCEPT
    by_day = kind is LateKind.PERCENT_PER_DAY
    values |= {
        "title": typed.get("title", ""),
        "description": typed.get("description", "").replace("\r\n", "\n"),
        "late_policy": {
            "kind": kind,
            "percent": read("late_percent", _number) if by_day else None,
            "floor": (read("late_floor", _number) or 0.0) if by_day else 0.0,
            "grace_minutes": read("grace_minutes", _whole) or 0,
        },
        "pause_minutes": values["pause_minutes"] or 0,
        "suites": {
            name: points
            for name in list_suites(typed)
            if (points := read(POINTS + name, _number)) is not None
        },
        "names": Names(**{part: typed.get(f"name_{part}", "").strip() or None for part in NAMES}),
    }
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return values


def list_suites(values: Mapping[str, str]) -> list[str]:
    """The suites of the form in the order of the catalogue, those that have left it last."""
    known = catalogue.names()
    sent = [name.removeprefix(POINTS) for name in values if name.startswith(POINTS)]
    return [*known, *(name for name in sent if name not in known)]


def _field_of(option: str) -> str:
    if option.startswith("names"):
        return "names"
    return SHOWN_AT.get(option, option)


def _reader_of(choices: tuple[tuple[StrEnum, str], ...]) -> Callable[[str], StrEnum]:
    """Reads one of the choices; the first if the field is missing."""
    known = {value.value: value for value, _ in choices}

    def read(text: str) -> StrEnum:
        if text and text not in known:
            raise ValueError("Choose one of the list.")
        return known[text] if text else choices[0][0]

    return read


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS):
        raise ValueError("Give a whole number, or leave it empty.")
    return int(text)


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise ValueError("Give a number, such as 7.5, or leave it empty.") from None
