"""A gradebook as CSV. No cell starts like a formula, since a spreadsheet would run it."""

from __future__ import annotations

import csv
import io
import unicodedata
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from enum import StrEnum

from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course
from service.marks.gradebook import Gradebook, Mark, gradebook, marks
from service.people.actors import Actor

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel does not read UTF-8
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MINUS = "\N{MINUS SIGN}"

PERSON = ("e-mail", "name", "student number")
MARK = (
    "mark",
    "score",
    "max score",
    "attempts",
    "submitted at",
    "late by (minutes)",
    "comment",
    "override",
)
MOODLE = ("Email address", "ID number")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS_POSSIBLE = "Points Possible"

Cell = str | float | None


class Format(StrEnum):
    """Which system reads an export."""

    PLAIN = "plain"
    MOODLE = "moodle"
    CANVAS = "canvas"


def grades_csv(
    session: Session, actor: Actor, what: Assignment | Course, form: Format = Format.PLAIN
) -> str:
    """The marks in an assignment or a whole course as CSV. For staff.

    Each row is a student. Of each assignment, `mark` is what counts: an override where there is
    one. Moodle and Canvas get nothing else, out of the points that the assignment has now. Starts
    with a BOM.
    """
    if isinstance(what, Course):
        book = gradebook(session, actor, what)
    else:
        rows = [(mark.student, {what.id: mark}) for mark in marks(session, actor, what)]
        book = Gradebook([what], rows)
    make = {Format.PLAIN: _plain, Format.MOODLE: _moodle, Format.CANVAS: _canvas}[form]
    return write_csv(make(book))


def write_csv(rows: Iterable[Iterable[Cell]]) -> str:
    """Any table as CSV, with a BOM, and without a cell that a spreadsheet would run."""
    text = io.StringIO(BYTE_ORDER_MARK, newline="")
    text.seek(0, io.SEEK_END)
    csv.writer(text).writerows(map(_escape, rows))
    return text.getvalue()


def _plain(book: Gradebook) -> Iterator[list[Cell]]:
    columns = [f"{each.title}: {column}" for each in book.assignments for column in MARK]
    yield [*PERSON, *(MARK if len(book.assignments) == 1 else columns)]
    for student, row in book.rows:
        cells = [cell for each in book.assignments for cell in _mark_cells(row[each.id])]
        yield [student.email, student.name, student.student_number, *cells]


def _moodle(book: Gradebook) -> Iterator[list[Cell]]:
    yield [*MOODLE, *_titles(book.assignments)]
    for student, row in book.rows:
        yield [student.email, student.student_number, *_numbers(book, row)]


def _canvas(book: Gradebook) -> Iterator[list[Cell]]:
    yield [*CANVAS, *_titles(book.assignments)]
    yield [POINTS_POSSIBLE, "", "", "", "", *(_points(each.max_score) for each in book.assignments)]
    for student, row in book.rows:
        # Canvas finds people by its own number, which we don't know, or by these two.
        yield [student.name, "", student.student_number, student.email, "", *_numbers(book, row)]


def _titles(assignments: Sequence[Assignment]) -> list[str]:
    """A column's heading for each assignment; of two that are the same, with the slug."""
    counts = Counter(each.title for each in assignments)
    return [
        each.title if counts[each.title] == 1 else f"{each.title} ({each.slug})"
        for each in assignments
    ]


def _numbers(book: Gradebook, row: Mapping[uuid.UUID, Mark]) -> list[Cell]:
    """What counts in each assignment, out of the points that it has now."""
    return [_points(_rescaled(row[each.id], each)) for each in book.assignments]


def _rescaled(mark: Mark, assignment: Assignment) -> float | None:
    if mark.effective is None or not mark.max_score:
        return mark.effective
    return mark.effective * assignment.max_score / mark.max_score


def _mark_cells(mark: Mark) -> tuple[Cell, ...]:
    submitted_at = mark.submitted_at
    return (
        _points(mark.effective),
        _points(mark.score),
        _points(mark.max_score),
        mark.attempts,
        None if submitted_at is None else f"{submitted_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        None if submitted_at is None else mark.late_minutes,
        None if mark.override is None else mark.override.reason,
        _points(mark.given),
    )


def _points(score: float | None) -> float | None:
    """Points with as many decimals as pages show."""
    return None if score is None else round(score, 2)


def _escape(cells: Iterable[Cell]) -> list[str]:
    """Numbers stay numbers; a text that starts like a formula gets an apostrophe first."""
    return [_escape_cell(cell) for cell in cells]


def _escape_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return "'" + cell if _starts_like_a_formula(cell) else cell
    return repr(int(cell)) if cell == int(cell) else repr(cell)


def _starts_like_a_formula(text: str) -> bool:
    """Also with a character that spreadsheets read as such a sign, or with spaces before it.

    >>> _starts_like_a_formula("\N{FULLWIDTH EQUALS SIGN}1+1")
    True
    """
    if text.startswith(FORMULA_STARTS):
        return True
    first = text.lstrip()[:1]
    return first == MINUS or unicodedata.normalize("NFKC", first).startswith(FORMULA_STARTS)
