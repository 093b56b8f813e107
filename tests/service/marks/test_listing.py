"""Lists of students: search, filters, order and pages, in the gradebook and on an assignment."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.courses.models import Course
from service.marks import listing
from service.marks.gradebook import marks
from service.marks.listing import Show, View, arrange, list_gradebook, paginate
from service.marks.overrides import set_override
from service.people.actors import LocalOperator
from service.people.models import Account
from service.store.base import now
from service.web.view.listed import Links, read_view
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.sql_statements import queries
from worker.report.model import Problem, ProblemKind, Report, Verdict

DEADLINE = now() - timedelta(days=2)


def scored(passed: int, **fields: Problem) -> Report:
    """A report that earns `passed` of 4 quarters of 100 points."""
    cases = [
        make_case(f"case{number}", Verdict.PASSED if number < passed else Verdict.WRONG_GRADIENT)
        for number in range(4)
    ]
    return make_report(make_suite("rules", *cases, points=100.0), **fields)


@pytest.fixture
def full(session: Session, members: Class) -> Class:
    """A class with one student for each filter; Blaise has submitted nothing."""
    assignment, early = members.assignment, DEADLINE - timedelta(days=1)
    assignment.deadline = DEADLINE
    names = ["Zoe Abel", "Late Long", "Low Mark", "Set Noor", "File Otto", "Old Pat"]
    people = {
        name.split()[0]: factories.enrol(
            session, members.course, factories.make_account(session, name)
        )
        for name in names
    }

    def submit(who: str, report: Report, late: bool = False) -> object:
        moment = DEADLINE + timedelta(minutes=90) if late else early
        student = people.get(who, members.ada)
        return factories.make_graded(session, assignment, student, report, submitted_at=moment)

    submit("Ada", scored(4))
    submit("Zoe", scored(3))
    submit("Late", scored(3), late=True)
    submit("Low", scored(1))
    chosen = factories.make_graded(
        session, assignment, people["Set"], scored(2), submitted_at=early
    )
    set_override(session, members.teacher, chosen, score=99, reason="Oral exam")
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="no")
    submit("File", scored(0, problem=problem))
    old = factories.make_graded(session, assignment, people["Old"], scored(2), submitted_at=early)
    old.grading.suites_digest = "another"
    session.commit()
    return members


def names(session: Session, members: Class, **view: object) -> list[str]:
    """First names on both lists, which must agree."""
    chosen = View(**view)  # type: ignore[arg-type]
    of_assignment = arrange(marks(session, members.teacher, members.assignment), chosen)
    found = [mark.student.name.split()[0] for mark in of_assignment]
    column = chosen.sort.replace("mark", "mark:autograd")
    in_book = View(**view | {"sort": column})  # type: ignore[arg-type]
    for at_once in (0, listing.AT_ONCE):  # a large class and a small one
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(listing, "AT_ONCE", at_once)
            book = list_gradebook(session, members.teacher, members.course, in_book)
        assert [row.student.name.split()[0] for row in book.rows] == found
    return found


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        (Show.NOT_SUBMITTED, ["Blaise"]),
        (Show.LATE, ["Late"]),
        (Show.BELOW, ["Low", "File"]),
        (Show.OVERRIDDEN, ["Set"]),
        (Show.PROBLEM, ["File"]),
        (Show.OLDER, ["Old"]),
    ],
)
def test_each_filter_shows_those_it_names(
    session: Session, full: Class, show: Show, expected: list[str]
) -> None:
    assert names(session, full, show=show) == expected


def test_a_list_is_by_last_name_and_both_ways(session: Session, full: Class) -> None:
    by_name = ["Zoe", "Ada", "Blaise", "Late", "Low", "Set", "File", "Old"]
    assert names(session, full) == by_name
    assert names(session, full, sort="-name") == by_name[::-1]


def test_those_without_a_mark_are_last_in_both_directions(session: Session, full: Class) -> None:
    assert names(session, full, sort="mark") == [
        "File", "Low", "Old", "Zoe", "Late", "Set", "Ada", "Blaise",
    ]  # fmt: skip
    assert names(session, full, sort="-mark") == [
        "Ada", "Set", "Zoe", "Late", "Old", "Low", "File", "Blaise",
    ]  # fmt: skip


def test_below_counts_what_a_teacher_set(session: Session, full: Class) -> None:
    assert names(session, full, show=Show.BELOW, below=80.0, sort="-mark") == [
        "Zoe", "Late", "Old", "Low", "File",
    ]  # fmt: skip


@pytest.mark.parametrize("search", ["abel zoe", "ABEL", "Zöe", "s-77"])
def test_a_search_finds_words_in_any_order_without_case_and_accents(
    session: Session, full: Class, search: str
) -> None:
    zoe = next(
        mark.student
        for mark in marks(session, full.teacher, full.assignment)
        if mark.student.name == "Zoe Abel"
    )
    session.get_one(Account, zoe.id).student_number = "S-77"
    session.commit()
    assert names(session, full, search=search) == ["Zoe"]
    assert names(session, full, search=f"{search} nobody") == []


def test_a_filter_may_look_at_one_assignment_only(session: Session, full: Class) -> None:
    second = factories.make_assignment(session, full.course, "second")
    factories.make_graded(session, second, full.ada, scored(4))
    session.commit()

    def shown(assignment: str) -> int:
        view = View(show=Show.NOT_SUBMITTED, assignment=assignment)
        return len(list_gradebook(session, full.teacher, full.course, view).matching)

    assert (shown("autograd"), shown("second"), shown("")) == (1, 7, 7)


def test_an_assignment_called_name_does_not_take_the_place_of_the_name(
    session: Session, full: Class
) -> None:
    second = factories.make_assignment(session, full.course, "name")
    factories.make_graded(session, second, full.ada, scored(4))
    session.commit()
    view = View(show=Show.BELOW, below=200.0, sort="name")
    found = list_gradebook(session, full.teacher, full.course, view).matching
    names = [student.name for student in found]
    assert names == sorted(names, key=lambda name: name.split()[-1])


def test_without_assignments_nobody_lacks_a_submission(session: Session, members: Class) -> None:
    empty = factories.make_course(session)
    factories.enrol(session, empty, members.ada)
    session.commit()
    view = View(show=Show.NOT_SUBMITTED)
    assert list_gradebook(session, LocalOperator(), empty, view).matching == []


def test_a_total_adds_what_counts(session: Session, full: Class) -> None:
    second = factories.make_assignment(session, full.course, "second")
    factories.make_graded(session, second, full.ada, scored(1))
    session.commit()
    view = View(sort="-total")
    rows = list_gradebook(session, full.teacher, full.course, view).rows
    totals = [(row.student.name, row.total) for row in rows]
    assert totals[:2] == [("Ada", 125.0), ("Set Noor", 99.0)]
    assert totals[-1] == ("Blaise", None)


def test_a_long_list_has_pages(
    session: Session, full: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PER_PAGE", 3)
    for view in (View(page=3), View(page=99)):
        page = list_gradebook(session, full.teacher, full.course, view)
        assert [row.student.name for row in page.rows] == ["File Otto", "Old Pat"]
        assert (page.page, page.pages, len(page.matching), page.of) == (3, 3, 8, 8)
    found = arrange(marks(session, full.teacher, full.assignment), View(page=2, sort="-mark"))
    listed = paginate(found, View(page=2, sort="-mark"), 8)
    assert [mark.student.name for mark in listed.rows] == ["Late Long", "Old Pat", "Low Mark"]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(), 6),
        (View(show=Show.OVERRIDDEN), 7),
        (View(show=Show.NOT_SUBMITTED), 7),
        (View(sort="-total"), 8),
        (View(show=Show.LATE, sort="-total"), 11),
    ],
)
def test_a_gradebook_asks_as_often_for_a_large_class(
    session: Session,
    engine: Engine,
    members: Class,
    view: View,
    expected: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 0)

    def count(course: Course) -> int:
        session.commit()
        session.expunge_all()
        with queries(engine) as seen:
            book = list_gradebook(session, LocalOperator(), course, view)
            for row in book.rows:
                assert row.total is None or row.total >= 0
        return len(seen)

    small = count(members.course)
    large = factories.make_course(session)
    assignments = [factories.make_assignment(session, large) for _ in range(3)]
    for _ in range(10):
        student = factories.enrol(session, large, factories.make_account(session))
        for assignment in assignments:
            factories.make_graded(session, assignment, student, scored(2))
    assert count(large) == small == expected


def test_a_gradebook_of_a_small_class_is_read_at_once(
    session: Session, engine: Engine, full: Class
) -> None:
    for view in (View(), View(show=Show.LATE, sort="-total")):
        session.expunge_all()
        with queries(engine) as seen:
            list_gradebook(session, LocalOperator(), full.course, view)
        assert len(seen) == 6


def test_the_state_of_a_list_is_in_its_address() -> None:
    view = View(
        show=Show.BELOW, below=40, search="ada b", sort="-mark:one", page=3, assignment="one"
    )
    query = Links("/x", view).query(page=view.page)
    pairs = [pair.split("=") for pair in query.removeprefix("?").split("&")]
    arguments = {name: value.replace("+", " ").replace("%3A", ":") for name, value in pairs}
    assert read_view(arguments) == view
    assert Links("/x", View()).to() == "/x"


@pytest.mark.parametrize(
    "arguments",
    [
        {"show": "x", "below": "x", "page": "x", "sort": ""},
        {"below": "nan", "page": "-1"},
        {"below": "inf", "page": "9" * 20},
    ],
)
def test_an_address_that_cannot_be_read_shows_the_list_as_it_is_at_first(
    arguments: dict[str, str],
) -> None:
    assert read_view(arguments) == View()


def test_a_column_is_sorted_the_other_way_at_the_second_click() -> None:
    assert Links("/x", View()).sort("mark") == "/x?sort=-mark"
    assert Links("/x", View(sort="-mark")).sort("mark") == "/x?sort=mark"
    assert Links("/x", View()).sort("name") == "/x?sort=-name"
    assert Links("/x", View(sort="-name")).sort("name") == "/x"
    assert Links("/x", View(sort="-mark")).direction("mark") == "descending"


@pytest.mark.parametrize("path", ["/courses/demo/gradebook", "/courses/demo/assignments/autograd"])
def test_pages_filter_sort_and_search_without_script(app: Flask, full: Class, path: str) -> None:
    browser = signed_in(app, full.teacher)
    page = browser.get(path).text
    page = page[page.index('class="chips"') :]

    def follow(label: str) -> str:
        link = re.search(rf'<a href="([^"]*)"[^>]*>{label}', page)
        assert link is not None, label
        return browser.get(link[1].replace("&amp;", "&").partition("#")[0]).text

    def listed(text: str) -> list[str]:
        text = text[text.rindex('class="chips"') :]
        found = re.findall(r'<th scope="row" class="name"[^>]*>(?:<a [^>]*>)?([^<]*)<', text)
        return [name.strip().split()[0] for name in found]

    assert len(listed(page)) == 8
    assert listed(follow("Not submitted")) == ["Blaise"]
    assert listed(follow("File problem")) == ["File"]
    assert listed(browser.get(f"{path}?q=abel").text) == ["Zoe"]
    late = follow("Late")
    assert listed(late) == ["Late"]
    assert '<span class="tag odd" title="1 hour late">late</span>' in late
    assert re.search(r"75\.00(</a>)?</td>", late)
    assert "No student matches" in browser.get(f"{path}?q=nobody").text


def test_the_addresses_of_those_who_have_not_submitted_can_be_copied(
    app: Flask, full: Class
) -> None:
    page = signed_in(app, full.teacher).get("/courses/demo/gradebook?show=not_submitted").text
    area = re.search(r'<textarea id="addresses"[^>]*>\s*([^<]*)</textarea>', page)
    assert area is not None
    assert area[1] == "blaise@example.edu"


def test_students_of_one_name_are_told_apart(app: Flask, session: Session, full: Class) -> None:
    full.blaise.name = full.ada.name
    session.commit()
    page = signed_in(app, full.teacher).get("/courses/demo/gradebook").text
    assert 'Ada</a> <span class="muted">ada@example.edu</span>' in page
    assert 'Zoe Abel <span class="muted">' not in page


def test_a_column_says_how_it_is_sorted(app: Flask, full: Class) -> None:
    page: Callable[[str], str] = lambda query: (  # noqa: E731
        signed_in(app, full.teacher).get(f"/courses/demo/gradebook{query}").text
    )
    assert page("").count('aria-sort="ascending"') == 1
    assert 'aria-sort="descending"><a href="/courses/demo/gradebook?sort=mark' in page(
        "?sort=-mark:autograd"
    )
