"""The class at a glance on an assignment's page, and the page for the next lecture."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.marks.class_map import read_development
from service.marks.over_time import read_timeline
from service.people.models import Account
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.service.marks.test_insights import TANH, UNNAMED, UNREADABLE, add
from tests.support import factories
from tests.support.factories import (
    make_case,
    make_counterexample,
    make_diagnosis,
    make_report,
    make_suite,
)
from tests.support.sql_statements import queries

PAGE = "/courses/demo/assignments/autograd"
PERFECT = make_report(make_suite("rules", make_case("sum"), make_case("tanh"), points=100.0))
DRAWN = make_report(
    TANH.suites[0], diagnoses=(make_diagnosis(),), counterexample=make_counterexample()
)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def page_of(app: Flask, who: Account, path: str = PAGE) -> str:
    response = signed_in(app, who).get(path)
    assert response.status_code == 200
    return html.unescape(response.text)


def test_the_commonest_mistake_comes_first_with_students_and_drawing(
    app: Flask, members: Class, session: Session
) -> None:
    rare = make_report(
        TANH.suites[0], diagnoses=(make_diagnosis(misconception="rare", title="A rare slip"),)
    )
    first, *_ = add(session, members, DRAWN, DRAWN, rare, UNREADABLE)
    page = page_of(app, members.assistant)
    assert page.index("The slope of tanh is wrong") < page.index("A rare slip")
    assert "2 of 4 students" in page
    assert page.count("<svg xmlns=") == 1
    assert "Where is tanh almost flat" in page
    assert "1 - t**2" in page  # only staff see the right formula
    assert "The engine's is 1." in page
    assert f'/review?mistake=tanh-slope">{first.name}</a>' in page
    assert "Python can't read this file (1)" in page


def test_students_with_the_same_wrong_numbers_are_one_group(
    app: Flask, members: Class, session: Session
) -> None:
    add(session, members, UNNAMED, UNNAMED)
    page = page_of(app, members.teacher)
    assert "Mistakes without a name" in page
    assert "2 of 2 students" in page
    assert "Like nobody else" not in page


def test_the_same_file_by_several_students_is_pointed_out(
    app: Flask, members: Class, session: Session
) -> None:
    for student, source in ((members.ada, "x = 1\n"), (members.blaise, "x = 2\n")):
        factories.make_graded(session, members.assignment, student, PERFECT, source=source)
    factories.make_graded(session, members.assignment, members.teacher, PERFECT, source="x = 2\n")
    session.commit()
    assert "Equal files" not in page_of(app, members.teacher)
    factories.make_graded(
        session, members.assignment, members.ada, PERFECT, attempt=2, source="x = 2\n"
    )
    session.commit()
    page = page_of(app, members.teacher)
    assert "Equal files" in page
    assert "2 students, " in page


def test_a_mistake_that_was_fixed_is_counted_as_fixed(session: Session, members: Class) -> None:
    for hours, student, report in (
        (0, members.ada, TANH),
        (6, members.blaise, TANH),
        (50, members.ada, PERFECT),
    ):
        factories.make_graded(
            session,
            members.assignment,
            student,
            report,
            attempt=hours + 1,
            submitted_at=MONDAY + timedelta(hours=hours),
        )
    students = [members.ada, members.blaise]
    found = read_development(session, members.teacher, members.assignment, students)
    history = found.histories["tanh-slope"]
    assert (history.counts[0], history.counts[-1], history.solved) == (1, 1, 1)
    assert max(history.counts) == 2


@pytest.mark.parametrize(("zone", "starts"), [("UTC", 0), ("Asia/Tokyo", 0)])
def test_spans_of_days_begin_at_midnight_of_the_course(
    session: Session, members: Class, zone: str, starts: int
) -> None:
    members.course.time_zone = zone
    members.assignment.deadline = MONDAY + timedelta(days=5)
    for day in (0, 1, 9):
        factories.make_graded(
            session,
            members.assignment,
            members.ada,
            PERFECT,
            attempt=day + 1,
            submitted_at=MONDAY + timedelta(days=day),
        )
    timeline = read_timeline(session, members.assignment, MONDAY + timedelta(days=20))
    assert [span.submissions for span in timeline.spans] == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert {span.start.hour for span in timeline.spans} == {starts}
    assert timeline.by_days
    assert timeline.deadline is not None
    assert 5 < timeline.deadline < 6
    assert timeline.spans[-1].students_so_far == 1


def test_an_assignment_without_submissions_says_what_will_be_there(
    app: Flask, members: Class
) -> None:
    page = page_of(app, members.teacher)
    assert "Nothing submitted yet" in page
    assert "What's graded" in page
    assert "worked example" in page.lower()


def test_the_lecture_has_three_mistakes_and_no_names(
    app: Flask, members: Class, session: Session
) -> None:
    many = [
        make_report(
            TANH.suites[0],
            diagnoses=(make_diagnosis(misconception=f"slip-{number}", title=f"Slip {number}"),),
            counterexample=make_counterexample(),
        )
        for number in range(4)
    ]
    people = add(session, members, *many)
    page = page_of(app, members.teacher, f"{PAGE}/lecture")
    assert page.count("<svg xmlns=") == page.count("Where is tanh almost flat") == 3
    pictures = re.findall(r'href="(/api/v1/submissions/[\w-]+/counterexample\.png)"', page)
    assert len(set(pictures)) == 3
    assert signed_in(app, members.teacher).get(pictures[0]).mimetype == "image/png"
    assert not [person.name for person in people if person.name in page]
    assert not [person.email for person in people if person.email in page]


def test_the_pages_of_a_class_show_few_digits(app: Flask, members: Class, session: Session) -> None:
    long = make_diagnosis(explanation="x.grad is 0.4199743416140261, and should be 1.")
    add(session, members, replace(TANH, diagnoses=(long,)))
    for address in (PAGE, f"{PAGE}/lecture"):
        page = page_of(app, members.teacher, address)
        assert "x.grad is 0.419974, and should be 1." in page
        assert "0.4199743416140261" not in page


def test_the_lecture_without_mistakes_is_an_empty_page(app: Flask, members: Class) -> None:
    assert "No mistakes to talk about yet" in page_of(app, members.teacher, f"{PAGE}/lecture")


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("stranger", 404), ("assistant", 200)])
def test_the_lecture_is_for_staff(app: Flask, members: Class, who: str, status: int) -> None:
    guest = signed_in(app, getattr(members, who))
    assert guest.get(f"{PAGE}/lecture").status_code == status


def test_the_page_takes_the_same_number_of_queries_for_any_class(
    app: Flask, members: Class, session: Session
) -> None:
    engine = app.extensions[EXTENSION].engine
    add(session, members, DRAWN)
    guest = signed_in(app, members.teacher)
    with queries(engine) as few:
        guest.get(PAGE)
    others = [
        make_report(TANH.suites[0], diagnoses=(make_diagnosis(misconception=f"slip-{number}"),))
        for number in range(9)
    ]
    add(session, members, DRAWN, UNNAMED, UNREADABLE, *others)
    with queries(engine) as many:
        guest.get(PAGE)
    assert len(many) == len(few)
