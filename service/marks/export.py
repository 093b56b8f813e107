"""A gradebook as CSV. No cell starts like a formula, since a spreadsheet would run it."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import UTC

from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course
from service.marks.gradebook import Gradebook, Mark, gradebook, marks
from service.people.actors import Actor

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel does not read UTF-8
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MINUS = "\N{MINUS SIGN}"

PERSON = ("name", "e-mail", "student id")
MARK = (
    "score",
    "max score",
    "attempts",
    "submitted at",
    "late by (minutes)",
    "override",
    "comment",
)

Cell = str | float | None


def grades_csv(session: Session, actor: Actor, what: Assignment | Course) -> str:
    """The marks in an assignment or a whole course as CSV. For staff.

    Each row is a student, and each assignment has the columns of `MARK`. Starts with a BOM.
    """
    if isinstance(what, Course):
        return _write(gradebook(session, actor, what))
    rows = [(mark.student, {what.id: mark}) for mark in marks(session, actor, what)]
    return _write(Gradebook([what], rows))


def _write(book: Gradebook) -> str:
    text = io.StringIO(BYTE_ORDER_MARK, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    columns = [f"{each.title}: {column}" for each in book.assignments for column in MARK]
    writer.writerow(_escape([*PERSON, *(MARK if len(book.assignments) == 1 else columns)]))
    for student, row in book.rows:
        cells = [cell for each in book.assignments for cell in _mark_cells(row[each.id])]
        person = (student.name, student.email, student.student_number)
        writer.writerow(_escape([*person, *cells]))
    return text.getvalue()


def _mark_cells(mark: Mark) -> tuple[Cell, ...]:
    submitted_at = mark.submitted_at
    return (
        _points(mark.score),
        _points(mark.max_score),
        mark.attempts,
        None if submitted_at is None else f"{submitted_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        mark.late_minutes,
        _points(mark.given),
        None if mark.override is None else mark.override.reason,
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
