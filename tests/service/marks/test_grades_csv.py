"""The gradebook as CSV: it opens in a spreadsheet, and runs no formula."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from service.marks.export import _escape_cell, grades_csv
from service.marks.overrides import set_override
from tests.service.conftest import Class
from tests.service.marks.scores import scored
from tests.support import factories


def test_a_csv_opens_in_a_spreadsheet_and_runs_no_formula(session: Session, members: Class) -> None:
    members.ada.name, members.ada.student_number = "=HYPERLINK(1)", "-12"
    members.assignment.deadline = datetime(2026, 3, 1, tzinfo=UTC)
    submission = factories.make_graded(
        session,
        members.assignment,
        members.ada,
        scored(1, of=3),
        submitted_at=datetime(2026, 3, 1, 0, 5, tzinfo=UTC),
    )
    set_override(session, members.teacher, submission, score=80, reason='+1, as "promised"')
    text = grades_csv(session, members.teacher, members.assignment)
    assert text.startswith(
        "\ufeffe-mail,name,student number,mark,score,max score,attempts,submitted at,"
    )
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == {
        "e-mail": "ada@example.edu",
        "name": "'=HYPERLINK(1)",
        "student number": "'-12",
        "mark": "80",
        "score": "33.33",
        "max score": "100",
        "attempts": "1",
        "submitted at": "2026-03-01T00:05:00Z",
        "late by (minutes)": "5",
        "override": "80",
        "comment": '\'+1, as "promised"',
    }
    assert {rows[1][name] for name in ("mark", "submitted at", "late by (minutes)")} == {""}


def test_a_course_in_csv_names_each_assignment(session: Session, members: Class) -> None:
    factories.make_assignment(session, members.course, title="@second")
    header = grades_csv(session, members.teacher, members.course).splitlines()[0]
    assert ",Autograd engine: score," in header
    assert ",'@second: score," in header


@given(st.text())
def test_no_cell_of_text_begins_like_a_formula(text: str) -> None:
    cell = _escape_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == "'" + text


@pytest.mark.parametrize("sign", "＝＋－＠﹦﹢﹣﹫⁼⁺₌₊−=+-@")
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\u3000", "\xa0 "])
def test_a_sign_of_any_width_begins_no_formula(before: str, sign: str) -> None:
    text = f"{before}{sign}HYPERLINK(1)"
    assert _escape_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", " ", "Ada", "José ＝ 1", "x-1", "１２", "(+1)", "Ünal"])
def test_an_ordinary_text_stays_as_it_is(text: str) -> None:
    assert _escape_cell(text) == text
