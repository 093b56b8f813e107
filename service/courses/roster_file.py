"""Read a roster: CSV as spreadsheets and learning platforms write it, or rows of JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.courses.models import Role
from service.errors import Invalid
from service.people.personal import check_email, check_name, check_student_number

MAX_ROWS = 5_000
COLUMNS = {  # a column's title, letters and digits only, and the field that it fills
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "name": "name",
    "fullname": "name",
    "student": "name",
    "firstname": "first",
    "givenname": "first",
    "lastname": "last",
    "surname": "last",
    "familyname": "last",
    "studentnumber": "student_number",
    "studentid": "student_number",
    "idnumber": "student_number",
    "number": "student_number",
    "sisuserid": "student_number",
    "role": "role",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A person in a roster. What is None wasn't given."""

    line: int
    email: str
    name: str | None = None
    student_number: str | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMessage:
    """Something about a line of a roster."""

    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The rows that can be used, and what is wrong with the others."""

    rows: tuple[Row, ...]
    errors: tuple[LineMessage, ...]


def read_csv(content: bytes) -> Roster:
    """A roster from CSV; raises Invalid if the file as a whole can't be used.

    The first line has the titles, in any order and case. Cells are separated by commas, semicolons
    or tabs.
    """
    text = decode_roster(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    lines = _lines(reader)
    titles = next(lines, (1, []))
    if titles[1] and titles[1][0].lower().startswith("sep="):  # Excel reads it
        titles = next(lines, (2, []))
    fields = [COLUMNS.get(_letters(title), "") for title in titles[1]]
    _require_columns(fields, titles[1])
    return read_rows(
        (line, dict(zip(fields, cells, strict=False)), len(cells) > len(fields))
        for line, cells in lines
    )


def read_json(rows: Sequence[Mapping[str, str | None]]) -> Roster:
    """A roster from rows of JSON; their lines count from 1. Raises Invalid."""
    return read_rows((line, row, False) for line, row in enumerate(rows, 1))


def read_rows(given: Iterable[tuple[int, Mapping[str, str | None], bool]]) -> Roster:
    """A roster from lines: a number, the values by field, and whether it has too many cells."""
    rows: list[Row] = []
    errors: list[LineMessage] = []
    lines: dict[str, int] = {}  # of each e-mail
    for count, (line, values, too_long) in enumerate(given, 1):
        if count > MAX_ROWS:
            message = f"A roster may have {MAX_ROWS:,} people. Split it."
            raise Invalid(message, fields={"body": message})
        try:
            if too_long:
                raise Invalid("This line has more cells than there are titles.")
            row = _read_row(line, values)
            if row.email in lines:
                raise Invalid(f"{row.email} is in line {lines[row.email]} already.")
            lines[row.email] = line
            rows.append(row)
        except Invalid as error:
            errors.append(LineMessage(line=line, message=error.message))
    return Roster(rows=tuple(rows), errors=tuple(errors))


def _read_row(line: int, values: Mapping[str, str | None]) -> Row:
    given = {field: (text or "").strip() for field, text in values.items()}
    name = given.get("name") or f"{given.get('first', '')} {given.get('last', '')}".strip()
    number, role = given.get("student_number"), given.get("role")
    if not given.get("email"):
        raise Invalid("The e-mail is missing.")
    return Row(
        line=line,
        email=check_email(given["email"]),
        name=check_name(name) if name else None,
        student_number=check_student_number(number) if number else None,
        role=_read_role(role) if role else None,
    )


def _read_role(text: str) -> Role:
    try:
        return Role(text.lower())
    except ValueError:
        roles = ", ".join(Role)
        raise Invalid(f"{text[:30]!r} is not a role. The roles are {roles}.") from None


def decode_roster(content: bytes) -> str:
    """The text of a roster; raises Invalid."""
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # Excel's "Unicode text"
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        message = "The roster isn't UTF-8 text. In Excel, save it as CSV UTF-8."
        raise Invalid(message, fields={"body": message}) from None


def _delimiter(text: str) -> str:
    """The character that separates the titles."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1:
        return first[-1] if first[-1] in ",;\t" else ","
    return max(",;\t", key=first.count)


def _lines(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines that aren't empty, each with its number in the file."""
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            message = f"Line {line} can't be read as CSV: {error}."
            raise Invalid(message, fields={"body": message}) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1  # type: ignore[attr-defined]  # a cell may have line breaks


def _letters(title: str) -> str:
    return "".join(each for each in title.lower() if each.isalnum())


def _require_columns(fields: Sequence[str], titles: Sequence[str]) -> None:
    twice = {field for field in fields if field and fields.count(field) > 1}
    if "email" in fields and not twice:
        return
    found = ", ".join(title.strip()[:30] for title in titles[:10]) or "nothing"
    message = (
        f"Two columns have the same meaning. The first line has: {found}."
        if twice
        else "The first line must have the titles, one of them e-mail. "
        f"Others are name, student number and role. It has: {found}."
    )
    raise Invalid(message, fields={"body": message})
