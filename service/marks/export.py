"""A gradebook as CSV, for spreadsheets that run what looks like a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from service.courses.models import Assignment, Course
from service.marks.gradebook import Gradebook, Mark, gradebook, marks
from service.people.models import Account

BYTE_ORDER_MARK = "\ufeff"  # or Excel takes UTF-8 for something else
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

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


def grades_csv(session: Session, what: Assignment | Course) -> str:
    """One row a student, and for each assignment the columns of `MARK`; starts with a BOM."""
    if isinstance(what, Course):
        return _write(gradebook(session, what))
    rows = [(mark.student, {what.id: mark}) for mark in marks(session, what)]
    return _write(Gradebook([what], rows))


def _write(book: Gradebook) -> str:
    text = io.StringIO(BYTE_ORDER_MARK, newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(_escape([*PERSON, *_titles(book.assignments)]))
    for student, row in book.rows:
        cells = [cell for each in book.assignments for cell in _mark_cells(row[each.id])]
        writer.writerow(_escape([*_person_cells(student), *cells]))
    return text.getvalue()


def _titles(assignments: list[Assignment]) -> list[str]:
    if len(assignments) == 1:
        return list(MARK)
    return [f"{each.title}: {column}" for each in assignments for column in MARK]


def _person_cells(student: Account) -> tuple[Cell, ...]:
    return (student.name, student.email, student.student_number)


def _mark_cells(mark: Mark) -> tuple[Cell, ...]:
    return (
        _points(mark.score),
        _points(mark.max_score),
        mark.attempts,
        None if mark.submitted_at is None else _iso(mark.submitted_at),
        mark.late_minutes,
        _points(mark.given),
        None if mark.override is None else mark.override.reason,
    )


def _points(score: float | None) -> float | None:
    """Points as the pages show them."""
    return None if score is None else round(score, 2)


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _escape(cells: Iterable[Cell]) -> list[str]:
    """Numbers as numbers; text that a spreadsheet would run gets an apostrophe before it."""
    return [_escape_cell(cell) for cell in cells]


def _escape_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
    return repr(int(cell)) if cell == int(cell) else repr(cell)
