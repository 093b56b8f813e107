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
    assert 'href="#case-rules-product"' in page
    assert page.count('id="case-rules-product"') == 1
    assert page.count("Something else is wrong too.") == 1
    assert "1 - t**2" not in page


def test_rules_that_a_diagnosis_explains_are_no_further_mistakes(
    app: Flask, members: Class, session: Session
) -> None:
    wrong = [make_case(rule, Verdict.WRONG_GRADIENT, rule=rule) for rule in ("exp", "tanh")]
    suite = make_suite("functions", *wrong)
    evidence = {"evidence": ("functions/exp",)}
    pages = []
    for exact, student in ((True, members.ada), (False, members.blaise)):
        found = make_diagnosis(exact=exact, **evidence)
        report = make_report(suite, diagnoses=(found,))
        graded = factories.make_graded(session, members.assignment, student, report)
        session.commit()
        pages.append(signed_in(app, student).get(f"/submissions/{graded.id}").text)
    explained, unexplained = pages
    assert "2 rules fail because of it" in explained
    assert "And 2 more" not in explained
    assert "2 rules fail because of it" not in unexplained
    assert "And 2 more" in unexplained  # the first rule, too
    for page in pages:
        assert "exp() has the wrong gradient" in page
        assert "tanh() has the wrong gradient" in page


def test_a_diagnosis_of_an_exception_shows_its_message_and_line(
    app: Flask, members: Class, session: Session
) -> None:
    failed = make_case("exp", Verdict.ERROR, rule="exp", message="TypeError: <b> (line 7)")
    found = make_diagnosis(evidence=("functions/exp",), formula=None)
    report = make_report(make_suite("functions", failed), diagnoses=(found,))
    graded = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{graded.id}").text
    first = page[page.index("Fix this first") : page.index('<h2 id="suites">')]
    assert 'TypeError: &lt;b&gt; (<a href="#L7">line 7</a>)' in first


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
