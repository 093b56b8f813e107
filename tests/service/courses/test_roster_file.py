"""A roster is read as spreadsheets and learning platforms write it."""

from __future__ import annotations

import pytest

from service.courses.models import Role
from service.courses.roster_file import MAX_ROWS, Row, read_csv, read_json
from service.errors import Invalid

ADA = Row(line=2, email="ada@example.edu", name="Ada Lovelace", student_number="1815")


@pytest.mark.parametrize(
    "text",
    [
        "name,email,student number\nAda Lovelace,Ada@Example.edu,1815\n",
        "Student-Number;E-Mail;NAME\r\n1815;ada@example.edu; Ada  Lovelace \r\n",
        "E-mail address\tFull name\tID number\nada@example.edu\tAda Lovelace\t1815",
        "\ufeffemail,name,student_number,section\nada@example.edu,Ada Lovelace,1815,B\n",
        'First name,Surname,Mail,Number\n"Ada",Lovelace,ada@example.edu,1815\n',
        "email,name,student number,role\nada@example.edu,Ada Lovelace,1815,\n",
        "email,name,student number,\nada@example.edu,Ada Lovelace,1815\n",
    ],
    ids=["plain", "semicolons", "tabs", "mark", "two names", "no role", "no title"],
)
def test_columns_may_have_any_order_case_and_separator(text: str) -> None:
    found = read_csv(text.encode())
    assert found.rows == (ADA,)
    assert found.errors == ()


def test_a_line_that_names_the_separator_is_skipped() -> None:
    (row,) = read_csv(b"sep=;\nemail;name\nada@example.edu;Ada\n").rows
    assert (row.line, row.email, row.name) == (3, "ada@example.edu", "Ada")


def test_a_spreadsheet_may_save_unicode_text() -> None:
    text = "email\tname\nada@example.edu\tÅda\n"
    (row,) = read_csv(text.encode("utf-16")).rows
    assert row.name == "Åda"


def test_lines_are_counted_as_an_editor_does() -> None:
    text = b'email,name\n\nada@example.edu,"Ada\nLovelace"\n\nnobody,N\nblaise@example.edu,B\n'
    found = read_csv(text)
    assert [(row.line, row.name) for row in found.rows] == [(3, "Ada Lovelace"), (7, "B")]
    assert [error.line for error in found.errors] == [6]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (",A,,", "The e-mail is missing."),
        ("nobody,A,,", "'nobody' is not an e-mail address."),
        ("a b@example.edu,A,,", "is not an e-mail address."),
        ("a@example.edu,A,,king", "'king' is not a role. The roles are student, assistant, teach"),
        (f"a@example.edu,{'A' * 201},,", "The name is too long."),
        (f"a@example.edu,A,{'1' * 65},", "The student number may have 64 characters"),
        ("ADA@example.edu,A,,", "ada@example.edu is in line 2 already."),
        ("a@example.edu,A,,student,more", "more cells than there are titles"),
        ("a\0@example.edu,A,,", "is not an e-mail address."),
        ("a@example.edu,A\x1b[31m,,", "characters that can't be shown"),
    ],
)
def test_a_bad_line_is_reported_with_its_number(line: str, message: str) -> None:
    head = "email,name,number,role\nada@example.edu,Ada,1,Teacher\n"
    found = read_csv((head + line + "\n").encode())
    (error,) = found.errors
    assert error.line == 3
    assert message in error.message
    assert [row.role for row in found.rows] == [Role.TEACHER]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "It has: nothing"),
        (b"name,role\nAda,student\n", "It has: name, role"),
        (b"ada@example.edu,Ada\n", "It has: ada@example.edu, Ada"),
        (b"email,mail\na@x,b@x\n", "Two columns have the same meaning"),
        ("email,name\na@x,J\xf6rg".encode("latin-1"), "save it as CSV UTF-8"),
        (b'email,name\na@x,"open\n', "Line 2 can't be read as CSV"),
        (b"email,name\na@x," + b"y" * 200_000, "Line 2 can't be read as CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_rejected(content: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        read_csv(content)


def test_a_roster_of_too_many_people_is_rejected() -> None:
    rows = [{"email": f"p{number}@example.edu", "name": "P"} for number in range(MAX_ROWS + 1)]
    assert len(read_json(rows[:-1]).rows) == MAX_ROWS
    with pytest.raises(Invalid, match="5,000 people"):
        read_json(rows)
