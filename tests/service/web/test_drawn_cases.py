"""The page of a test has a drawing of its graph, if the suites are still those of the report."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.shipped_cases import report_on
from worker.report.model import Quantity, Report

GRAD = Quantity.GRAD


def open_case(app: Flask, members: Class, session: Session, report: Report) -> str:
    """The page of the only case of a report."""
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    suite = report.suites[0]
    address = f"/submissions/{submission.id}/cases/{suite.name}/{suite.cases[0].id}"
    page = signed_in(app, members.ada).get(address)
    assert page.status_code == 200
    return page.text


def test_a_drawing_has_the_right_numbers_and_the_students_own_where_they_are_wrong(
    app: Flask, members: Class, session: Session
) -> None:
    report = report_on("worked-example", "leaves", {("x1", GRAD): 7.0})
    page = open_case(app, members, session, report)
    assert "Your numbers differ at x1." in page
    assert "The gradient of x1 should be 8. Yours is 7." in page
    numbers = re.findall(r'<text class="number( yours)?"[^>]*>([^<]*)</text>', page)
    assert numbers[:3] == [("", "3"), ("", "8"), (" yours", "7")]
    assert len(re.findall(r'<path class="arrow"', page)) == 6


def test_a_test_that_the_diagnosis_explains_has_a_mark_where_numbers_begin_to_differ(
    app: Flask, members: Class, session: Session
) -> None:
    shown = factories.make_counterexample()
    report = replace(
        report_on("worked-example", "inner", {("x5", GRAD): 18.0}),
        diagnoses=(factories.make_diagnosis(evidence=("worked-example/inner",)),),
        counterexample=replace(shown, graph=replace(shown.graph, first="x", shared=None)),
    )
    page = open_case(app, members, session, report)
    assert page.count(">first difference</text>") == 1
    assert "Yours is 18. <strong>First difference here.</strong>" in page


@pytest.mark.parametrize(
    ("suite", "case", "count"),
    [
        ("gradient-check", "product-and-sum", 5),  # compared with the engine's own slopes
        ("conventions", "relu-at-zero", 3),  # several answers are accepted
    ],
)
def test_only_compared_numbers_are_drawn_where_engines_may_differ(
    app: Flask, members: Class, session: Session, suite: str, case: str, count: int
) -> None:
    page = open_case(app, members, session, report_on(suite, case, {}))
    assert len(re.findall(r'<text class="number"', page)) == count


@pytest.mark.parametrize(
    ("suite", "case", "version"),
    [("worked-example", "leaves", "0"), ("robustness", "deep-chain@3", "")],
)
def test_a_case_of_another_version_and_a_huge_graph_have_no_drawing(
    app: Flask, members: Class, session: Session, suite: str, case: str, version: str
) -> None:
    page = open_case(app, members, session, report_on(suite, case, {}, version=version))
    assert 'class="drawing"' not in page
    assert "<pre" in page


def test_a_case_of_a_suite_that_is_gone_has_no_drawing(
    app: Flask, members: Class, session: Session
) -> None:
    gone = factories.make_report(factories.make_suite("gone", factories.make_case("sum")))
    assert 'class="drawing"' not in open_case(app, members, session, gone)
