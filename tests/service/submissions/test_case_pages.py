"""Each test of a report has its own page."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from service.submissions.models import Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.report.model import Verdict


def test_each_case_of_a_report_has_its_own_page(
    app: Flask, members: Class, done: Submission
) -> None:
    ada = signed_in(app, members.ada)
    page = ada.get(f"/submissions/{done.id}/cases/rules/product")
    assert page.status_code == 200
    assert "Wrong gradient" in page.text
    assert f"--seed {done.counting.seed} --explain rules/product" in page.text
    assert f"/submissions/{done.id}/cases/rules/sum" in page.text  # the one before
    assert signed_in(app, members.teacher).get(page.request.path).status_code == 200


def test_the_command_for_a_case_has_the_names_of_the_assignment(
    app: Flask, members: Class, session: Session, done: Submission
) -> None:
    members.assignment.class_name, members.assignment.backward_name = "Scalar", "backprop"
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{done.id}/cases/rules/product").text
    command = (
        "chainrule check FILE --names class=Scalar,backward=backprop --seed 7 --explain rules/"
    )
    assert command in page


def test_failing_cases_after_the_first_are_on_their_own_pages(
    app: Flask, members: Class, session: Session
) -> None:
    far = make_case("far", Verdict.UNSUPPORTED, rule="tanh")
    cases = [make_case(f"case{number}", Verdict.ERROR, rule="sum") for number in range(9)]
    report = make_report(make_suite("rules", *cases, far))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    page = signed_in(app, members.ada).get(f"/submissions/{submission.id}").text
    inline = re.findall(r'<details class="case" id="case-rules-(\w+)"( open)?', page)
    assert inline == [("case0", " open"), ("far", "")]
    assert re.findall(r'/cases/rules/(\w+)"', page) == [f"case{n}" for n in range(1, 9)]


@pytest.mark.parametrize("address", ["rules/nothing", "nothing/sum", "rules/%00", "all/rules"])
def test_an_unknown_case_is_404(app: Flask, members: Class, done: Submission, address: str) -> None:
    path = f"/submissions/{done.id}/cases/{address}"
    assert signed_in(app, members.ada).get(path).status_code == 404


def test_a_case_in_a_submission_of_another_student_is_404(
    app: Flask, members: Class, done: Submission
) -> None:
    path = f"/submissions/{done.id}/cases/rules/product"
    assert signed_in(app, members.blaise).get(path).status_code == 404


def test_a_case_of_an_ungraded_submission_is_404(
    app: Flask, members: Class, queued: Submission
) -> None:
    path = f"/submissions/{queued.id}/cases/rules/product"
    assert signed_in(app, members.ada).get(path).status_code == 404


def test_the_line_in_a_message_leads_to_the_source(
    app: Flask, members: Class, session: Session
) -> None:
    message = "x.exp() raised NameError: name '<i>' is not defined (line 1)"
    failed = make_case("exp", Verdict.ERROR, rule="exp", message=message)
    report = make_report(make_suite("functions", failed))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    session.commit()
    ada, whole = signed_in(app, members.ada), f"/submissions/{submission.id}"
    page = ada.get(whole).text
    assert page.count('is not defined (<a href="#L1">line 1</a>)') == 2  # to fix, and the test
    assert page.count('<li id="L1">') == 1
    alone = ada.get(f"{whole}/cases/functions/exp").text
    assert f'is not defined (<a href="{whole}#L1">line 1</a>)' in alone
    assert "<i>" not in page + alone
