"""Nothing that is about a person is kept by a browser or a proxy."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from service.web.app import CACHEABLE
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite

REPORT = make_report(make_suite("rules", make_case("sum"), points=100.0))


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    session.commit()
    return submission


def addresses(app: Flask, done: Submission) -> Iterator[tuple[str, str]]:
    """Every address and method of the application that may not be cached."""
    case = REPORT.suites[0].cases[0]
    values = {
        "submission_id": str(done.id),
        "slug": "autograd",
        "rest": "grades.csv",
        "course": "demo",
        "suite": "rules",
        "case_id": case.id,
        "guide": "students",
    }
    for rule in app.url_map.iter_rules():
        if rule.endpoint in CACHEABLE:
            continue
        given = dict.fromkeys(rule.arguments, "unknown")
        given |= {name: str(done.id) for name in given if name.endswith("_id")} | values
        if rule.rule.startswith("/courses/<slug>"):
            given["slug"] = "demo"
        address = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule).format_map(given)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield method, address


def test_no_answer_but_a_static_file_may_be_kept(
    app: Flask, members: Class, done: Submission, session: Session
) -> None:
    for person in (members.ada, members.teacher, members.stranger, None):
        read = 0
        # Reading first: another address deletes the course.
        reading = {"GET", "HEAD"}
        for method, address in sorted(
            addresses(app, done), key=lambda each: each[0] not in reading
        ):
            browser = app.test_client()
            if person is not None:
                session.refresh(person)  # one of the addresses ends its sessions
                session.commit()
                browser = signed_in(app, person)
            with browser.open(address, method=method) as answer:
                assert answer.headers.getlist("Cache-Control") == ["no-store"], (method, address)
                assert answer.status_code < 500, (method, address)
                read += method == "GET" and answer.status_code == 200
        assert read >= (20 if person is members.teacher else 5)


def test_sources_and_grades_are_downloads_that_are_not_kept(
    app: Flask, members: Class, done: Submission
) -> None:
    teacher = signed_in(app, members.teacher)
    for address in (
        f"/submissions/{done.id}/source",
        "/courses/demo/grades.csv",
        "/courses/demo/assignments/autograd/grades.csv",
        "/api/v1/assignments/autograd/grades.csv",
    ):
        with teacher.get(address) as answer:
            assert answer.status_code == 200
            assert answer.headers["Content-Disposition"].startswith("attachment")
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_static_file_that_is_missing_is_not_kept_as_missing(app: Flask) -> None:
    answer = app.test_client().get("/static/missing.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
