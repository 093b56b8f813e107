"""The review page: the next student, and what changed since the attempt before."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.marks.listing import Show, View
from service.marks.review_order import Neighbours, ReviewFilter, find_neighbours
from service.submissions.attempts import find_attempt_before
from service.submissions.models import Status
from tests.service.conftest import Class, signed_in
from tests.service.marks.test_insights import TANH, UNNAMED, UNREADABLE, add
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

PERFECT = make_report(make_suite("rules", make_case("sum"), make_case("tanh"), points=100.0))


def test_students_follow_each_other_by_name(session: Session, members: Class) -> None:
    for student in (members.ada, members.blaise):
        factories.make_graded(session, members.assignment, student, PERFECT)
    found = [
        find_neighbours(
            session, members.teacher, members.assignment, student, View(), ReviewFilter()
        )
        for student in (members.ada, members.blaise)
    ]
    first, last = found
    assert (first.before, first.place, first.count) == (None, 1, 2)
    assert first.after is not None
    assert first.after.student.id == members.blaise.id
    assert last.before is not None
    assert (last.before.student.id, last.after, last.place) == (members.ada.id, None, 2)


@pytest.mark.parametrize(
    ("only", "chosen"),
    [
        (ReviewFilter(mistake="tanh-slope"), (0, 3)),
        (ReviewFilter(signature="abc"), (1,)),
        (ReviewFilter(problem="syntax_error"), (2,)),
    ],
)
def test_a_filter_leaves_others_out(
    session: Session, members: Class, only: ReviewFilter, chosen: tuple[int, ...]
) -> None:
    people = add(session, members, TANH, UNNAMED, UNREADABLE, TANH)
    for at, person in enumerate(people):
        found = find_neighbours(session, members.teacher, members.assignment, person, View(), only)
        assert found.count == len(chosen)
        assert (found.place is None) == (at not in chosen)
        if found.place is None:
            assert found.after is not None
            assert found.after.student.id == people[chosen[0]].id


def test_the_view_of_the_list_of_students_filters_and_sorts(
    session: Session, members: Class
) -> None:
    worst, best = members.ada, members.blaise
    for student, report in ((worst, TANH), (best, PERFECT)):
        factories.make_graded(session, members.assignment, student, report)

    def find(view: View) -> Neighbours:
        return find_neighbours(
            session, members.teacher, members.assignment, worst, view, ReviewFilter()
        )

    assert find(View(sort="-mark")).place == 2
    assert find(View(show=Show.BELOW, below=60)).count == 1
    assert find(View(search="blaise")).place is None


def test_a_review_goes_through_the_gradebook_that_it_was_opened_from(
    app: Flask, members: Class, session: Session
) -> None:
    other = factories.make_assignment(session, members.course)
    late = factories.make_account(session, "Zoe")
    factories.enrol(session, members.course, late)
    best, worst = members.ada, members.blaise
    for student, report in ((best, PERFECT), (worst, TANH), (late, TANH)):
        factories.make_graded(session, members.assignment, student, report)
    factories.make_graded(session, other, worst, PERFECT)
    factories.make_graded(session, other, best, TANH)
    session.commit()
    browser = signed_in(app, members.teacher)
    query = f"?show=below&below=60&sort=-mark:{other.slug}&q=example.edu"
    book = html.unescape(browser.get(f"/courses/demo/gradebook{query}").text)
    path = re.findall(r'<a href="(/submissions/[^/]+/review[^"]*)">', book)[0]
    assert "Student 1 of 3 in this list" in browser.get(path).text
    following = re.search(r'<a href="([^"]+)" rel="next">Ada', browser.get(path).text)
    assert following is not None  # below 60 % in the other assignment alone
    review = browser.get(html.unescape(following[1])).text
    assert re.search('rel="prev">Blaise', review)
    assert re.search('rel="next">Zoe', review)
    plain = browser.get("/courses/demo/gradebook").text
    assert "/review?" not in plain


def test_links_to_the_next_student_keep_the_filter(
    app: Flask, members: Class, session: Session
) -> None:
    add(session, members, TANH, TANH)
    teacher = signed_in(app, members.teacher)
    page = teacher.get("/courses/demo/assignments/autograd").text
    address, _ = re.findall(r'href="(/submissions/[^"]+/review[?]mistake=tanh-slope)"', page)[:2]
    review = html.unescape(teacher.get(address).text)
    assert "Student 1 of 2 in this list" in review
    following = re.search(r'<a href="([^"]+)" rel="next">', review)
    assert following is not None
    assert following[1].endswith("/review?mistake=tanh-slope")
    assert teacher.get(following[1]).status_code == 200
    answer = teacher.post(
        following[1].replace("/review", "/override"), data={"score": "9", "reason": "Oral"}
    )
    assert answer.location == following[1]


def test_the_attempt_before_is_the_newest_that_could_be_tested(
    session: Session, members: Class
) -> None:
    made = [
        factories.make_graded(session, members.assignment, members.ada, report, attempt=attempt)
        for attempt, report in enumerate((TANH, TANH, UNREADABLE), 1)
    ]
    factories.regrade(session, made[1], Status.ERRORED)
    waiting = factories.make_submission(session, members.assignment, members.ada, attempt=4)
    found = find_attempt_before(session, members.ada, waiting)
    assert found is not None
    assert found.id == made[1].id
    assert find_attempt_before(session, members.ada, made[0]) is None


def test_the_review_says_what_changed_since_the_attempt_before(
    app: Flask, members: Class, session: Session
) -> None:
    factories.make_graded(session, members.assignment, members.ada, TANH, source="a\nb\n")
    now = factories.make_graded(
        session, members.assignment, members.ada, PERFECT, attempt=2, source="a\n<c>\n"
    )
    session.commit()
    page = html.unescape(signed_in(app, members.teacher).get(f"/submissions/{now.id}/review").text)
    assert "Since attempt 1: 1 test fixed. This mistake is gone: The slope of tanh" in page
    assert "1 line added, 1 removed" in page
    assert "added: </span><code><c></code>" in page


def test_students_cannot_open_the_review(app: Flask, members: Class, session: Session) -> None:
    own = factories.make_graded(session, members.assignment, members.ada, PERFECT)
    session.commit()
    assert signed_in(app, members.ada).get(f"/submissions/{own.id}/review").status_code == 403
    assert signed_in(app, members.blaise).get(f"/submissions/{own.id}/review").status_code == 404
