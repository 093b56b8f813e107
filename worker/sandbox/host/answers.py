"""What a child's answers may say, and nothing else: exact types, the right id, the right count."""

from __future__ import annotations

import math
import platform
from dataclasses import dataclass
from typing import Any

from worker.driver.base.protocol import (
    MOST_NAME,
    MOST_NOTE,
    MOST_NOTES,
    MOST_TEXT,
    PROBLEMS,
    VERDICTS,
)
from worker.report.model import Interface, Problem, ProblemKind, Verdict
from worker.sandbox.host.frames import decode
from worker.sandbox.host.outcome import PLAIN, Failure, Loaded, Observation

MOST_POSITION = 10_000_000
NON_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


@dataclass(frozen=True, slots=True)
class Malformed:
    """Bytes that are no answer: nothing more that the child says can be relied on."""

    reason: str


class _InvalidError(Exception):
    """The answer is not one. Never leaves this module."""


def read_loaded(body: bytes, number: int) -> Loaded | Problem | Failure | Malformed:
    """The answer to a source."""
    try:
        message = _message(body, number, {"interface", "problem", "failure"})
        if "failure" in message:
            return _failure(message["failure"])
        if "problem" in message:
            return _problem(message["problem"])
        interface = _interface(message["interface"])
        return Loaded(interface=interface, python=platform.python_version())
    except _InvalidError as error:
        return Malformed(str(error))


def read_observation(body: bytes, number: int, count: int) -> Observation | Failure | Malformed:
    """The answer to a graph from which `count` numbers were asked."""
    try:
        message = _message(body, number, {"numbers", "failure"})
        if "failure" in message:
            return _failure(message["failure"])
        numbers = message["numbers"]
        if type(numbers) is not list or len(numbers) != count:
            raise _InvalidError(f"{count} numbers were asked for")
        if not PLAIN.issuperset(map(type, numbers)):
            numbers = map(_number, numbers)
        return Observation(tuple(numbers))
    except _InvalidError as error:
        return Malformed(str(error))


def _message(body: bytes, number: int, kinds: set[str]) -> dict[str, Any]:
    """The object with the id that is due and exactly one other member, of these kinds."""
    message = decode(body)
    if message is None:
        raise _InvalidError("it is not JSON")
    identity = message.pop("id", None)
    if type(identity) is not int or identity != number:
        raise _InvalidError("it belongs to another question")
    if len(message) != 1 or not kinds.issuperset(message):
        raise _InvalidError("it is not of the form that is due")
    return message


def _number(value: object) -> float | None:
    if value is None or type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise _InvalidError("a number is too large") from None
    if type(value) is str and value in NON_FINITE:
        return NON_FINITE[value]
    raise _InvalidError("something in it is not a number")


def _failure(value: object) -> Failure:
    members = _members(value, {"verdict", "message"})
    verdict = members["verdict"]
    if type(verdict) is not str or verdict not in VERDICTS:
        raise _InvalidError("it names a verdict that is not its to give")
    return Failure(verdict=Verdict(verdict), message=_text(members["message"]))


def _interface(value: object) -> Interface:
    members = _members(value, {"class", "data", "grad", "backward", "notes"})
    class_name, notes = members["class"], members["notes"]
    if type(notes) is not list or len(notes) > MOST_NOTES:
        raise _InvalidError("its notes are not a few sentences")
    return Interface(
        class_name=None if class_name is None else _text(class_name, MOST_NAME),
        data=_text(members["data"], MOST_NAME),
        grad=_text(members["grad"], MOST_NAME),
        backward=_text(members["backward"], MOST_NAME),
        notes=tuple(_text(note, MOST_NOTE) for note in notes),
    )


def _problem(value: object) -> Problem:
    members = _members(value, {"kind", "message", "line", "column", "source_line"})
    kind, source_line = members["kind"], members["source_line"]
    if type(kind) is not str or kind not in PROBLEMS:
        raise _InvalidError("it names an unknown problem")
    return Problem(
        kind=ProblemKind(kind),
        message=_text(members["message"]),
        line=_position(members["line"]),
        column=_position(members["column"]),
        source_line=None if source_line is None else _text(source_line),
    )


def _members(value: object, names: set[str]) -> dict[str, Any]:
    if type(value) is not dict or value.keys() != names:
        raise _InvalidError("it is not of the form that is due")
    return value


def _position(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 < value < MOST_POSITION:
        raise _InvalidError("it names a place that is not in the file")
    return value


def _text(value: object, most: int = MOST_TEXT) -> str:
    if type(value) is not str or len(value) > most:
        raise _InvalidError("a text in it is not one")
    return clean(value)


def clean(text: str) -> str:
    """Text that any database and any page can hold: no lone surrogate, no NUL."""
    return text.encode(errors="replace").decode().replace("\0", "\N{SYMBOL FOR NULL}")
