"""Pages and lists make the same number of queries for any amount of data."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from service.courses.models import Extension
from service.marks.models import RegradeEntry, RegradeStatus
from service.submissions.models import StoredReport, Submission
from service.web.request import EXTENSION
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import (
    make_case,
    make_counterexample,
    make_diagnosis,
    make_report,
    make_suite,
)
from tests.support.sql_statements import Statement, queries
from worker.report.model import Check, Quantity, Report, Verdict

STUDENTS = 300
CASES, CHECKS = 250, 8  # in a report of realistic size


@pytest.fixture
def service_engine(app: Flask) -> Engine:
    """The service's database engine."""
    engine: Engine = app.extensions[EXTENSION].engine
    return engine


@pytest.fixture
def done(members: Class, session: Session) -> Submission:
    """A submission that was graded again: pages read what its mark was before."""
    submission = factories.make_graded(session, members.assignment, members.ada, small_report())
    factories.finish(factories.regrade(session, submission), small_report())
    session.commit()
    return submission


def small_report(mistake: str = "tanh-slope") -> Report:
    cases = make_case("sum"), make_case("product", Verdict.WRONG_GRADIENT)
    return make_report(
        make_suite("rules", *cases),
        diagnoses=(make_diagnosis(misconception=mistake),),
        counterexample=make_counterexample(),
        signature="signature",
    )


def large_report() -> Report:
    """A report in which every third case fails."""
    check = Check("x", Quantity.GRAD, 0.8853516482022625, 0.885351648202262, 5e-16, 1e-15, True)
    cases = [
        make_case(
            f"case{number}",
            Verdict.PASSED if number % 3 else Verdict.WRONG_GRADIENT,
            program="x = Value(2)\n" * 12,
            checks=(check,) * CHECKS,
        )
        for number in range(CASES)
    ]
    return make_report(make_suite("rules", *cases))


def grow(session: Session, members: Class) -> None:
    """More of everything: students, assignments, attempts, regrades, overrides, extensions."""
    other = factories.make_course(session)
    for person in (members.ada, members.teacher):
        factories.enrol(session, other, person)
    assignments = [members.assignment]
    assignments += [factories.make_assignment(session, members.course) for _ in range(4)]
    people = [members.ada, members.blaise, members.teacher]
    people += [
        factories.enrol(session, members.course, factories.make_account(session)) for _ in range(4)
    ]
    for assignment in assignments:
        for person in people:
            session.add(
                Extension(assignment_id=assignment.id, account_id=person.id, attempt_limit=9)
            )
            for attempt in (11, 12, 13):
                report = small_report(f"mistake-{len(person.email) + attempt}")
                made = factories.make_graded(session, assignment, person, report, attempt=attempt)
                factories.finish(factories.regrade(session, made), small_report())
    session.commit()


def ask(client: FlaskClient, path: str, headers: dict[str, str] | None = None) -> None:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path


PAGES = (
    ("ada", "/courses/demo"),
    ("teacher", "/courses/demo"),
    ("teacher", "/courses/demo/gradebook"),
    ("teacher", "/courses/demo/students/ada@example.edu?assignment=autograd"),
    ("teacher", "/courses"),
    ("teacher", "/courses/demo/gradebook?sort=-total&show=late"),
    ("teacher", "/courses/demo/assignments/autograd/lecture"),
    ("teacher", "/courses/demo/assignments/autograd/extensions"),
    ("teacher", "/courses/demo/assignments/autograd/upload"),
    ("ada", "/courses/demo/assignments/autograd"),
    ("teacher", "/courses/demo/assignments/autograd"),
    ("teacher", "/courses/demo/people"),
    ("ada", "/account"),
    ("ada", "/submissions/{submission}"),
    ("ada", "/submissions/{submission}/cases/rules/sum"),
    ("teacher", "/submissions/{submission}/review"),
    ("teacher", "/submissions/{submission}/review?show=below&below=99&sort=-mark"),
    ("teacher", "/submissions/{submission}/review?mistake=tanh-slope"),
    ("teacher", "/submissions/{submission}/review?sort=-total&list=gradebook"),
    ("stranger", "/accounts"),
    ("stranger", "/audit"),
)
ANSWERS = (
    "/courses/demo/assignments/autograd/submissions",
    "/courses",
    "/submissions/{submission}",
)


def test_pages_and_answers_make_the_same_number_of_queries_for_any_amount_of_data(
    app: Flask,
    client: FlaskClient,
    service_engine: Engine,
    members: Class,
    session: Session,
    done: Submission,
) -> None:
    factories.make_submission(session, members.assignment, members.teacher)
    members.stranger.operator = True
    session.commit()
    browsers = {
        who: signed_in(app, getattr(members, who)) for who in ("ada", "teacher", "stranger")
    }

    def count() -> dict[tuple[str, str], list[str]]:
        """The statements of each page and answer, by who asks for it. Growing takes long."""
        found = {}
        for who, path in PAGES:
            with queries(service_engine) as seen:
                ask(browsers[who], path.format(submission=done.id))
            found[who, path] = texts(seen)
        for path in ANSWERS:
            for person in (members.ada, members.teacher):
                address = "/api/v1" + path.format(submission=done.id)
                with queries(service_engine) as seen:
                    ask(client, address, members.bearer(person))
                found[person.email, address] = texts(seen)
        return found

    few = count()
    grow(session, members)
    many = count()
    assert {asked: few[asked] for asked in few if few[asked] != many[asked]} == {}


@pytest.mark.parametrize("status", [RegradeStatus.RUNNING, RegradeStatus.APPLIED])
def test_the_page_of_a_regrade_makes_the_same_number_of_queries_for_any_class(
    app: Flask,
    service_engine: Engine,
    members: Class,
    session: Session,
    status: RegradeStatus,
) -> None:
    perfect = make_report(make_suite("rules", make_case("sum"), make_case("product")))
    first = factories.make_graded(session, members.assignment, members.ada, small_report())
    regrade = factories.make_regrade(session, first, perfect, status=status)
    session.commit()
    guest = signed_in(app, members.teacher)
    address = f"/courses/demo/assignments/autograd/regrades/{regrade.id}"
    with queries(service_engine) as few:
        assert guest.get(address).text.count("person") == 0
    for _ in range(5):
        person = factories.enrol(session, members.course, factories.make_account(session))
        made = factories.make_graded(session, members.assignment, person, small_report())
        again = factories.preview(session, made, perfect)
        again.preview = status is not RegradeStatus.APPLIED
        before = made.gradings[0].id
        session.add(RegradeEntry(regrade_id=regrade.id, grading_id=again.id, before_id=before))
    session.commit()
    with queries(service_engine) as many:
        assert guest.get(address).text.count("person") == 5
    assert texts(many) == texts(few)


def texts(seen: list[Statement]) -> list[str]:
    """The statements without their parameters, since a longer list has more of them."""
    return [statement.text.partition(" IN (")[0] for statement in seen]


def test_the_pages_of_a_large_class_read_no_report(
    app: Flask, service_engine: Engine, members: Class, session: Session
) -> None:
    report = large_report()
    first = factories.make_graded(session, members.assignment, members.ada, report)
    stored, tally = session.get(StoredReport, first.grading.id), first.grading.tally
    assert stored is not None
    for _ in range(STUDENTS - 1):
        student = factories.enrol(session, members.course, factories.make_account(session))
        made = factories.make_submission(session, members.assignment, student)
        factories.finish(made.grading, small_report())
        made.grading.tally = tally
        session.flush()
        session.execute(
            update(StoredReport)
            .where(StoredReport.grading_id == made.grading.id)
            .values(summary=stored.summary, report=stored.report)
        )
    session.commit()
    guest = signed_in(app, members.teacher)
    for path, shown in (
        ("/courses/demo/assignments/autograd", f"{STUDENTS} of {STUDENTS}"),
        ("/courses/demo", f"{STUDENTS} of {STUDENTS + 1}"),
        ("/courses/demo/gradebook", f"{STUDENTS + 1} students"),
    ):
        with queries(service_engine) as seen:
            assert shown in guest.get(path).text
        assert not [query for query in seen if "report" in query.text]
