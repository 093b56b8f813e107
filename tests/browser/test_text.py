"""Text, numbers and moments as the pages show them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from service.courses.deadlines import Terms
from service.courses.models import Assignment, AttemptThatCounts, Extension, LatePolicy
from service.feedback import wording
from service.feedback.visible_text import visible
from service.feedback.wording import PROBLEMS, VERDICTS
from service.submissions.find import Standing
from service.submissions.models import Grading, Status
from service.web.view import text
from service.web.view.badges import STATUSES
from service.web.view.due_dates import describe_terms, due, why_closed
from service.web.view.highlight import (
    MAX_CELLS,
    MAX_LINE,
    MAX_LINES,
    MAX_TOKENS,
    highlight_python,
    list_source,
)
from service.web.view.report import show, summarise
from service.web.view.suite_titles import suite_title
from tests.browser.reports import perfect_report, unreadable_report
from worker.report.model import ProblemKind, Verdict

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def plain(html: str) -> str:
    """The visible text of HTML that has no line breaks."""
    return (
        str(Markup(html).striptags())
        if "\n" not in html
        else Markup(re.sub("<[^>]*>", "", html)).unescape()
    )


@given(st.text())
def test_visible_text_has_no_characters_with_an_effect(content: str) -> None:
    shown = visible(content)
    assert all(char.isprintable() or char in "\n\t" or char.isspace() for char in shown)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x08\x0b-\x1f\x7f]", shown)
    shown.encode("utf-8")


@given(st.text(alphabet=st.characters(codec="ascii", min_codepoint=32)))
def test_plain_text_stays_as_it_is(content: str) -> None:
    assert visible(content.replace("\x7f", "")) == content.replace("\x7f", "")


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        ("a\r\nb", "a\nb"),
        ("\x1b[1m", "\u241b[1m"),
        ("\x7f", "\u2421"),
        ("\udc80", "[U+DC80]"),
        ("é中", "é中"),
    ],
)
def test_control_characters_show_as_symbols(content: str, shown: str) -> None:
    assert visible(content) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (3.0, "3"), (3, "3"), (0.1, "0.1"), (1e300, "1e+300"), (-2.5, "-2.5"), (None, "none"),
        (float("nan"), "nan"), (float("-inf"), "-inf"), (float("inf"), "inf"),
    ],
)  # fmt: skip
def test_numbers_are_as_short_as_they_can_be(value: float | None, shown: str) -> None:
    assert wording.number(value) == shown


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_shown_number_reads_back_as_the_same_number(value: float) -> None:
    assert float(wording.number(value)) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1.23456e-16, "1.2e-16"),
        (0.0, "0"),
        (None, "none"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_an_error_is_shown_in_two_figures(value: float | None, shown: str) -> None:
    assert wording.short(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(46.66666666666667, "46.67"), (100.0, "100"), (None, "none")]
)
def test_points_have_two_decimals_at_most(value: float | None, shown: str) -> None:
    assert wording.points(value) == shown


def test_a_moment_is_shown_in_utc() -> None:
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))
    assert text.utc(moment) == "28 Feb 2026, 23:30 UTC"
    assert text.iso(moment) == "2026-02-28T23:30:00Z"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0.5, "less than a minute late"),
        (1, "1 minute late"),
        (125, "2 hours late"),
        (4320, "3 days late"),
    ],
)
def test_lateness_is_shown_in_its_largest_unit(minutes: float, shown: str) -> None:
    assert text.late(minutes) == shown


@pytest.mark.parametrize(
    ("fields", "label", "note", "closed"),
    [
        ({}, "Deadline", "", False),
        ({"deadline": NOON + timedelta(days=2)}, "Due", "in 2 days", False),
        (
            {"deadline": NOON - timedelta(days=2)},
            "Was due",
            "late submissions are accepted",
            False,
        ),
        (
            {"deadline": NOON - timedelta(days=2), "late_policy": LatePolicy.REFUSE},
            "Closed",
            "",
            True,
        ),
        ({"closed_at": NOON}, "Closed", "", True),
        ({"closed_at": NOON + timedelta(days=1)}, "Deadline", "", False),
    ],
)
def test_a_deadline_has_a_label_and_a_note(
    fields: dict[str, object], label: str, note: str, closed: bool
) -> None:
    terms = Terms.of(Assignment(**fields))
    shown_due = due(terms, NOON)
    assert (shown_due.label, shown_due.note) == (label, note)
    assert bool(why_closed(Standing(terms=terms), NOON)) is closed
    assert why_closed(Standing(terms=terms, attempts_left=0), NOON)
    assert not why_closed(Standing(terms=terms, attempts_left=0, tries_out=True), NOON)


def test_students_read_what_being_late_costs_and_which_attempt_counts() -> None:
    fields = {"deadline": NOON, "grace_minutes": 60, "pause_minutes": 1}
    by_day = Assignment(**fields, late_percent=10.0, late_floor=50.0)
    assert describe_terms(by_day) == [
        (
            "Late submissions lose 10 % of their score for each day that begins after the deadline "
            "and a grace of 60 minutes. They keep at least 50 %."
        ),
        "Between two attempts there is a pause of 1 minute.",
        "The best attempt counts, after what it loses for being late.",
    ]
    refused = Assignment(
        deadline=NOON,
        grace_minutes=60,
        late_policy=LatePolicy.REFUSE,
        attempt_that_counts=AttemptThatCounts.LATEST,
    )
    assert describe_terms(refused) == [
        "Submissions are accepted until 60 minutes after the deadline.",
        "The latest attempt counts, not the best.",
    ]
    assert describe_terms(Assignment(deadline=NOON)) == []


def test_before_it_opens_an_assignment_says_when_it_does() -> None:
    terms = Terms.of(Assignment(opens_at=NOON + timedelta(days=1), deadline=NOON))
    assert due(terms, NOON).label == "Opens"
    assert "opens on" in why_closed(Standing(terms=terms), NOON)


def test_a_student_sees_that_the_deadline_was_extended() -> None:
    extension = Extension(deadline=NOON + timedelta(days=2))
    terms = Terms.of(Assignment(deadline=NOON - timedelta(days=2)), extension)
    assert due(terms, NOON).note == "in 2 days, extended for you"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_highlighting_keeps_the_text(source: str) -> None:
    assert plain(str(highlight_python(source)) + "\n") == visible(source) + "\n"


@given(st.text(alphabet="a'\"#\n\t {}f<&"))
def test_every_line_of_a_listing_closes_its_tags(source: str) -> None:
    for line in list_source(source).parts[0].lines:
        assert line.count("<span") == line.count("</span>")


def test_markup_in_a_source_is_escaped() -> None:
    [line] = list_source("<script>").parts[0].lines
    assert "<script>" not in line


def spans(source: str) -> int:
    return str(highlight_python(source)).count("<span")


@pytest.mark.parametrize(
    "source",
    [
        "?" * (MAX_LINE - 1) + "\n",
        "+a\n",
        'f"{' * (MAX_LINE // 3 - 1) + "\n",
        "{a[\n",
        "from a import b\n",
        "match x\n",
        '"""\n',
        "'%(a)s{b}'\n",
        "\\\n",
    ],
)
def test_what_is_coloured_of_a_source_is_bounded_by_tokens(source: str) -> None:
    lines = 500_000 // len(source)
    coloured = highlight_python(source * lines)
    assert plain(str(coloured)) == source * lines
    assert str(coloured).count("<span") <= MAX_TOKENS + MAX_LINE
    assert spans(source * lines) == spans(source * (lines // 2))


@pytest.mark.parametrize("opening", ["x = {a[\n", "'''{a[\n", 'f"""{a[\n', '"""a\n', "(\n"])
def test_no_token_goes_beyond_its_line(opening: str) -> None:
    for line in str(highlight_python(opening + "b = 1  # c\n" * 3)).split("\n"):
        assert line.count("<span") == line.count("</span>")


def test_a_long_line_is_plain_and_the_lines_around_it_are_coloured() -> None:
    source = f"def f():\n{'(' * MAX_LINE}\n    return 1\n"
    before, long, after = list_source(source).parts[0].lines
    assert "<span" in before
    assert long == "(" * MAX_LINE
    assert '<span class="k">return</span>' in after


def test_a_text_of_several_lines_is_one_text_to_the_colours() -> None:
    source = 'x = """a\nreturn b"""\nreturn c'
    first, second, third = list_source(source).parts[0].lines
    assert "<span" in first
    assert 'class="k"' not in second
    assert 'class="k"' in third


def test_the_end_of_a_very_long_source_is_plain_and_escaped() -> None:
    source = ("x = 1" + " " * 40 + "\n") * 2_000 + "return '<script>'\n"
    (part,) = list_source(source).parts
    assert "<span" in part.lines[0]
    assert part.lines[-1] == "return '&lt;script&gt;'"


def test_a_long_listing_says_how_many_lines_are_left_out() -> None:
    listing = list_source("x\n" * (MAX_LINES + 7))
    assert (len(listing.parts[0].lines), listing.hidden) == (MAX_LINES, 7)


def notebook(*cells: str) -> str:
    """A notebook of code cells."""
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def test_a_notebook_is_listed_cell_by_cell_with_lines_from_1() -> None:
    first, second = list_source(notebook("a = 1\nb = 2", "<script>")).parts
    assert (first.title, first.anchor, len(first.lines)) == ("Code cell 1", "C1L", 2)
    assert (second.title, "<script>" in str(second.lines)) == ("Code cell 2", False)


@pytest.mark.parametrize("cells", [["x\n" * MAX_LINES, "y", "z"], ["x"] * (MAX_CELLS + 2)])
def test_a_very_long_notebook_says_how_many_lines_are_left_out(cells: list[str]) -> None:
    listing = list_source(notebook(*cells))
    shown = sum(len(part.lines) for part in listing.parts)
    assert (shown, listing.hidden) == (min(MAX_LINES, MAX_CELLS * len(cells[0])), 2)


def test_the_end_of_a_large_notebook_is_listed_without_colours() -> None:
    cell = "def f(x):\n    return x\n" + ("#" * 400 + "\n") * 3
    parts = list_source(notebook(*[cell] * 100)).parts
    coloured = ['class="k"' in "".join(part.lines) for part in parts]
    assert coloured == sorted(coloured, reverse=True)
    assert 30 < sum(coloured) < 60


@pytest.mark.parametrize(
    "source", ['{"cells": ' + "[" * 100_000, '{"cells": []}', notebook("\ud800 \x1b[2J")]
)
def test_hostile_json_is_listed_as_text(source: str) -> None:
    (part,) = list_source(source).parts
    "".join(part.lines).encode()
    assert "\x1b" not in "".join(part.lines)


def test_every_verdict_and_problem_has_its_words() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert set(STATUSES) == set(Status)
    assert set(PROBLEMS) == set(ProblemKind)


def test_a_grading_is_summed_up_in_a_sentence() -> None:
    queued, running, errored = (
        Grading(status=each) for each in (Status.QUEUED, Status.RUNNING, Status.ERRORED)
    )
    assert summarise(queued, None, 1) == "Next in the queue."
    assert summarise(queued, None, 12) == "Number 12 in the queue."
    assert summarise(running, None, None) == "Grading now."
    assert summarise(errored, None, None) == "This couldn't be graded."
    shown = show(unreadable_report())
    assert summarise(Grading(), shown, None) == "No test could run."


@pytest.mark.parametrize(
    ("source_line", "column", "caret"),
    [
        ("\tx = (", 6, "\t    ^"),
        ("\u4e2d = (", 5, "\u3000   ^"),
        ("x", 4, "   ^"),
        ("x", None, ""),
        (None, None, ""),
    ],
)
def test_the_caret_stands_under_its_column(
    source_line: str | None, column: int | None, caret: str
) -> None:
    report = unreadable_report()
    assert report.problem is not None
    changed = replace(report.problem, source_line=source_line, column=column)
    problem = show(replace(report, problem=changed)).problem
    assert problem is not None
    assert problem.caret == caret


def test_an_assignment_without_points_has_no_share() -> None:
    assert show(replace(perfect_report(), max_score=0.0)).share == 0.0


def test_a_suite_that_no_longer_exists_is_called_by_its_name() -> None:
    assert suite_title("gone") == "gone"
    assert suite_title("rules") != "rules"
