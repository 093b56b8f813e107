"""Diagnoses on the page of a report and in the API."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_diagnosis, make_report, make_suite
from worker.report.model import Verdict


@pytest.fixture
def diagnosed(members: Class, session: Session) -> Submission:
    """A submission with a diagnosis that explains everything, and one that doesn't."""
    wrong = make_case("product", Verdict.WRONG_GRADIENT, rule="multiplication")
    half = make_diagnosis(title="A half", exact=False, evidence=(), formula=None)
    report = make_report(make_suite("rules", wrong), diagnoses=(make_diagnosis(), half))
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    return graded


def test_the_page_begins_with_what_the_code_does_and_a_question(
    app: Flask, members: Class, diagnosed: Submission
) -> None:
    page = signed_in(app, members.ada).get(f"/submissions/{diagnosed.id}").get_data(as_text=True)
    title, hint = page.index("The slope of tanh is wrong"), page.index("Where is tanh almost flat")
    assert page.index("Fix this first") < title < page.index("Its gradient is 1 - t.") < hint
    assert f"/submissions/{diagnosed.id}/cases/rules/product" in page
    assert page.count("Something else is wrong too.") == 1
    assert "1 - t**2" not in page


def test_students_get_no_right_formula_by_the_api_and_teachers_do(
    client: FlaskClient, members: Class, diagnosed: Submission
) -> None:
    path = f"/api/v1/submissions/{diagnosed.id}"
    shown = []
    for account in (members.ada, members.teacher):
        body = client.get(path, headers=members.bearer(account)).json
        assert body is not None
        first = body["report"]["diagnoses"][0]
        assert first["formula"]["yours"] == "1 - t"
        shown.append(first["formula"]["right"])
    assert shown == ["", "1 - t**2"]
