"""Results in the format of Gradescope, of early reports too."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.service.submissions.conftest import REPORT
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.json import to_json
from worker.report.model import Interface, Problem, ProblemKind, Verdict

NEW_IN_SCHEMA_2 = ("graph", "graph_title", "topic", "point", "size")


def test_results_are_in_gradescopes_format(
    client: FlaskClient, members: Class, done: Submission
) -> None:
    path = f"/api/v1/submissions/{done.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert (body["score"], body["execution_time"]) == (60.0, 0.034)
    assert body["output"] == "60 of 100 points."
    assert [(test["number"], test["status"]) for test in body["tests"]] == [
        ("1.1", "passed"),
        ("2.1", "passed"),
        ("2.2", "failed"),
    ]
    failed = body["tests"][-1]
    assert failed["name"] == "Rules: The product of two numbers"
    assert "should be 1.0" in failed["output"]
    assert "L.backward()" in failed["output"]
    assert failed["extra_data"] == {"case": "product", "verdict": "wrong_gradient"}


def test_blocked_tests_and_tests_without_points_have_no_status_in_results(
    client: FlaskClient, members: Class, session: Session
) -> None:
    rules = make_suite(
        "rules",
        make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication"),
        make_case("neuron", Verdict.WRONG_GRADIENT, blocked_by=("multiplication",)),
        make_case("lucky", counts=False),
    )
    relu = make_case("relu", message="The slope of relu at 0 is taken to be 0.")
    far = make_case("far", Verdict.ERROR)
    found = Interface(
        class_name="Value", data="data", grad="grad", backward="backward()", notes=("No numpy.",)
    )
    report = make_report(rules, make_suite("unmarked", relu, far, points=0.0), interface=found)
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{graded.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    statuses = [(test.get("status", "none"), test["tags"][1:]) for test in body["tests"]]
    assert statuses == [
        ("failed", []),
        ("none", ["not tested"]),
        ("none", ["not tested"]),
        ("none", ["no points"]),
        ("none", ["no points"]),
    ]
    assert body["output"].splitlines()[1:] == [
        "Found: class Value, number in .data, gradient in .grad, backward()",
        "No numpy.",
    ]


def test_a_warning_about_the_whole_file_comes_first_everywhere(
    app: Flask, client: FlaskClient, members: Class, session: Session
) -> None:
    found = Interface(
        class_name="Value",
        data="data",
        grad="grad",
        backward=None,
        warning="Value has no backward(). Its methods: draw.",
    )
    lacking = make_case("product", Verdict.UNSUPPORTED, message=found.warning)
    report = make_report(make_suite("rules", lacking), interface=found)
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{graded.id}"
    results = client.get(f"{path}/results.json", headers=members.bearer(members.ada)).json
    assert results is not None
    assert results["output"].splitlines()[1:] == [
        found.warning,
        "Found: class Value, number in .data, no backward()",
    ]
    stored = client.get(path, headers=members.bearer(members.ada)).json
    assert stored is not None
    assert stored["report"]["interface"]["backward"] is None
    page = signed_in(app, members.ada).get(f"/submissions/{graded.id}").text
    assert found.warning in page
    assert page.index(found.warning) < page.index("What we found in the file")


@pytest.fixture
def early(members: Class, session: Session) -> Submission:
    """A submission graded before reports had rules, costs and interfaces."""
    submission = factories.make_graded(session, members.assignment, members.ada, REPORT)
    report = to_json(REPORT) | {"schema": 1}
    del report["interface"]
    for suite in report["suites"]:
        for case in suite["cases"]:
            for key in ("rule", "blocked_by", "counts", "cost", *NEW_IN_SCHEMA_2):
                del case[key]
    submission.grading.report = report
    session.commit()
    return submission


def test_an_early_report_is_shown_as_before(
    app: Flask, client: FlaskClient, members: Class, early: Submission
) -> None:
    headers = members.bearer(members.ada)
    results = client.get(f"/api/v1/submissions/{early.id}/results.json", headers=headers).json
    assert results is not None
    assert [test["status"] for test in results["tests"]] == ["passed", "passed", "failed"]
    assert results["output"] == "60 of 100 points."
    page = signed_in(app, members.ada).get(f"/submissions/{early.id}").text
    assert "2 of 3 tests passed." in page
    assert "1 of 2 tests passed" in page
    assert '<span class="nowrap">40 of 80</span>' in page
    assert "What was found" not in page
    overview = signed_in(app, members.teacher).get("/courses/demo/assignments/autograd").text
    assert "1 of 1</td>" in overview


def test_results_say_why_a_file_could_not_be_graded(
    client: FlaskClient, members: Class, session: Session
) -> None:
    problem = Problem(kind=ProblemKind.SYNTAX_ERROR, message="invalid syntax", line=3)
    report = make_report(make_suite("rules", make_case("sum", Verdict.ERROR)), problem=problem)
    broken = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    path = f"/api/v1/submissions/{broken.id}/results.json"
    body = client.get(path, headers=members.bearer(members.ada)).json
    assert body is not None
    assert body["output"] == "invalid syntax (line 3)"


def test_results_before_the_grading_is_done_are_409(
    client: FlaskClient, members: Class, queued: Submission
) -> None:
    path = f"/api/v1/submissions/{queued.id}/results.json"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "not_graded"


def test_results_of_an_errored_grading_say_what_to_do(
    client: FlaskClient, members: Class, session: Session, queued: Submission
) -> None:
    factories.give_up(queued.grading)
    session.commit()
    path = f"/api/v1/submissions/{queued.id}/results.json"
    response = client.get(path, headers=members.bearer(members.ada))
    assert response.status_code == 409
    assert response.json is not None
    assert response.json["error"]["code"] == "grading_errored"
    assert "teacher" in response.json["error"]["message"]
