"""The form of an assignment: all options as text, as a teacher types them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from flask import request

from service.courses.late_rules import LateKind
from service.courses.models import AttemptThatCounts, Feedback
from service.courses.options import AssignmentOptions
from service.errors import Invalid, ServiceError
from service.web.forms import FormState
from service.web.view.times import read_moment, write_moment
from worker.report.names import Names
from worker.suites import catalogue

POINTS = "points-"  # begins the name of a suite's field
MAX_DIGITS = 15
# At which field the form shows an error of an option.
SHOWN_AT = {
    "late_policy": "late_kind",
    "late_policy.percent": "late_percent",
    "late_policy.floor": "late_floor",
    "late_policy.grace_minutes": "grace_minutes",
}
NAMES = ("class_name", "data", "grad", "backward")
FLAGS = ("hold_marks", "draw_per_student", "require_double")


def fill_form(options: AssignmentOptions, zone: tzinfo, *, slug: str = "") -> FormState:
    """The form with the options of an assignment."""
    late = options.late_policy
    values = {
        "slug": slug,
        "title": options.title,
        "description": options.description,
        "opens_at": write_moment(options.opens_at, zone),
        "deadline": write_moment(options.deadline, zone),
        "late_kind": late.kind.value,
        "late_percent": "" if late.percent is None else f"{late.percent:g}",
        "late_floor": f"{late.floor:g}" if late.floor else "",
        "grace_minutes": str(late.grace_minutes or ""),
        "attempt_limit": str(options.attempt_limit or ""),
        "pause_minutes": str(options.pause_minutes or ""),
        "attempt_that_counts": options.attempt_that_counts.value,
        "feedback": options.feedback.value,
    }
    values |= {POINTS + name: f"{points:.10g}" for name, points in options.suites.items()}
    values |= {f"name_{part}": getattr(options.names, part) or "" for part in NAMES}
    values |= {flag: "1" for flag in FLAGS if getattr(options, flag)}
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

    kind = read("late_kind", _reader_of(LateKind, LateKind.ACCEPT))
    by_day = kind is LateKind.PERCENT_PER_DAY
    values = {
        "title": typed.get("title", ""),
        "description": typed.get("description", "").replace("\r\n", "\n"),
        "opens_at": read("opens_at", lambda text: read_moment(text, zone)),
        "deadline": read("deadline", lambda text: read_moment(text, zone)),
        "late_policy": {
            "kind": kind or LateKind.ACCEPT,
            "percent": read("late_percent", _number) if by_day else None,
            "floor": (read("late_floor", _number) or 0.0) if by_day else 0.0,
            "grace_minutes": read("grace_minutes", _whole) or 0,
        },
        "attempt_limit": read("attempt_limit", _whole),
        "pause_minutes": read("pause_minutes", _whole) or 0,
        "attempt_that_counts": read(
            "attempt_that_counts", _reader_of(AttemptThatCounts, AttemptThatCounts.BEST)
        ),
        "feedback": read("feedback", _reader_of(Feedback, Feedback.FULL)),
        "suites": {
            name: points
            for name in list_suites(typed)
            if (points := read(POINTS + name, _number)) is not None
        },
        "names": Names(**{part: typed.get(f"name_{part}", "").strip() or None for part in NAMES}),
    }
    if wrong:
        raise Invalid(" ".join(wrong.values()), fields=wrong)
    return values | {flag: flag in typed for flag in FLAGS}


def list_suites(values: Mapping[str, str]) -> list[str]:
    """The suites of the form in the order of the catalogue, those that have left it last."""
    known = catalogue.names()
    sent = [name.removeprefix(POINTS) for name in values if name.startswith(POINTS)]
    return [*known, *(name for name in sent if name not in known)]


def _field_of(option: str) -> str:
    if option.startswith("names"):
        return "names"
    return SHOWN_AT.get(option, option)


def _reader_of(kind: Any, default: Any) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        if text and text not in set(kind):
            raise ValueError("Choose one of the list.")
        return kind(text) if text else default

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
