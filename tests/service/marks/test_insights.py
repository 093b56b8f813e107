"""What staff learn about a class, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from service.marks.class_map import list_cases, read_development, read_insights
from service.people.models import Account
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.submissions.attempts import find_attempt_before
from service.submissions.models import Grading
from service.web.request import EXTENSION
from tests.service.conftest import Class, make_class
from tests.support import factories
from tests.support.factories import make_case, make_diagnosis, make_report, make_suite
from tests.support.sql_statements import queries
from worker.report.model import Problem, ProblemKind, Report, Verdict

PATH = "/api/v1/courses/demo/assignments/autograd/insights"
WRONG = make_suite(
    "rules", make_case("sum"), make_case("tanh", Verdict.WRONG_GRADIENT), points=100.0
)
TANH = make_report(WRONG, diagnoses=(make_diagnosis(),))
UNNAMED = replace(make_report(WRONG), signature="abc")
UNREADABLE = make_report(
    make_suite("rules", make_case("sum", Verdict.ERROR), make_case("tanh", Verdict.ERROR)),
    problem=Problem(kind=ProblemKind.SYNTAX_ERROR, message="'(' was never closed", line=1),
)


def ask(client: FlaskClient, members: Class) -> Any:
    response = client.get(PATH, headers=members.bearer(members.teacher))
    assert response.status_code == 200
    return response.json


def add(session: Session, members: Class, *reports: Report) -> list[Account]:
    """New students with a submission each."""
    people = []
    for report in reports:
        person = factories.enrol(session, members.course, factories.make_account(session))
        factories.make_graded(session, members.assignment, person, report)
        people.append(person)
    session.commit()
    return people


def test_mistakes_come_with_their_students_and_share(
    client: FlaskClient, members: Class, session: Session
) -> None:
    first, second, _, _ = add(session, members, TANH, TANH, UNNAMED, UNREADABLE)
    answer = ask(client, members)
    assert answer["graded"] == 4
    assert answer["mistakes"] == [
        {
            "misconception": "tanh-slope",
            "title": "The slope of tanh is wrong",
            "students": [first.email, second.email],
            "share": 0.5,
        }
    ]
    assert answer["without_submission"] == ["ada@example.edu", "blaise@example.edu"]
    assert [each["count"] for each in answer["scores"]] == [1, 0, 0, 0, 0, 3, 0, 0, 0, 0]


def test_unnamed_mistakes_are_grouped_by_equal_numbers(
    client: FlaskClient, members: Class, session: Session
) -> None:
    people = add(session, members, UNNAMED, UNNAMED, replace(UNNAMED, signature="other"))
    emails = [person.email for person in people]
    groups = [each["students"] for each in ask(client, members)["unnamed"]]
    assert groups == [emails[:2], emails[2:]]


def test_files_with_a_problem_are_apart_and_fail_no_test(
    client: FlaskClient, members: Class, session: Session
) -> None:
    _, broken = add(session, members, TANH, UNREADABLE)
    answer = ask(client, members)
    assert answer["problems"] == [{"kind": "syntax_error", "students": [broken.email]}]
    assert answer["cases"] == [
        {
            "suite": "rules",
            "case": "tanh",
            "title": "The tanh of two numbers",
            "failed": 1,
            "of": 1,
        }
    ]


def test_a_mistake_in_several_operations_is_one_mistake(
    client: FlaskClient, members: Class, session: Session
) -> None:
    exp = make_report(WRONG, diagnoses=(make_diagnosis(title="The slope of exp is wrong"),))
    add(session, members, TANH, exp, exp)
    (mistake,) = ask(client, members)["mistakes"]
    assert mistake["title"] == "The slope of exp is wrong (and 1 more)"
    assert len(mistake["students"]) == 3


def test_titles_that_an_earlier_worker_did_not_store_come_from_a_report(
    client: FlaskClient, members: Class, session: Session
) -> None:
    add(session, members, TANH)
    third = {"version": 3, "suites": {}, "diagnoses": ["tanh-slope"], "signature": ""}
    session.execute(update(Grading).values(tally=third))
    session.commit()
    (mistake,) = ask(client, members)["mistakes"]
    assert mistake["title"] == "The slope of tanh is wrong"


def test_an_assignment_without_submissions_has_no_mistakes(
    client: FlaskClient, members: Class
) -> None:
    answer = ask(client, members)
    assert (answer["graded"], answer["mistakes"], answer["cases"]) == (0, [], [])
    assert answer["without_submission"] == ["ada@example.edu", "blaise@example.edu"]


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("stranger", 404), ("assistant", 200)])
def test_insights_are_for_staff(client: FlaskClient, members: Class, who: str, status: int) -> None:
    headers = members.bearer(getattr(members, who))
    assert client.get(PATH, headers=headers).status_code == status
    assert (
        client.get("/api/v1/assignments/autograd/insights", headers=headers).status_code == status
    )


def test_insights_take_the_same_number_of_queries_for_any_class(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    engine = app.extensions[EXTENSION].engine
    add(session, members, TANH)
    with queries(engine) as few:
        ask(client, members)
    others = [
        make_report(WRONG, diagnoses=(make_diagnosis(misconception=f"slip-{number}"),))
        for number in range(9)
    ]
    add(session, members, TANH, UNNAMED, UNREADABLE, *others)
    with queries(engine) as many:
        ask(client, members)
    assert len(many) == len(few)


def test_a_class_is_read_on_either_database(database_settings: Settings) -> None:
    engine = make_engine(database_settings)
    with make_sessions(engine)() as session:
        members = make_class(session)
        for attempt, report in ((1, TANH), (2, UNREADABLE), (3, TANH)):
            newest = factories.make_graded(
                session, members.assignment, members.ada, report, attempt=attempt
            )
        found = read_insights(session, members.teacher, members.assignment)
        assert [mistake.title for mistake in found.mistakes] == ["The slope of tanh is wrong"]
        (case,) = list_cases(found.tested)
        assert (case.failed, case.of) == (1, 1)
        development = read_development(session, members.teacher, members.assignment, [members.ada])
        assert development.histories["tanh-slope"].counts[-1] == 1
        earlier = find_attempt_before(session, members.ada, newest)
        assert earlier is not None
        assert earlier.attempt == 1
    engine.dispose()
