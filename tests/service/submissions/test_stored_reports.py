"""Reports that an earlier version stored are shown by page, terminal, API and Gradescope export."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from sqlalchemy.orm import Session

from service.cli.output.report import show_report
from service.store.base import now
from service.submissions.models import Status, Submission
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.stored import REPORTS, stored_report
from worker.report.json import report_from_json


def submit_graded(session: Session, members: Class, report: dict[str, Any]) -> Submission:
    """A submission of Ada's whose grading is as an earlier worker recorded it."""
    submission = factories.make_submission(session, members.assignment, members.ada)
    grading = submission.grading
    grading.status, grading.finished_at = Status.DONE, now()
    grading.score, grading.max_score = report["score"], report["max_score"]
    grading.report = report
    session.commit()
    return submission


@pytest.mark.parametrize("name", REPORTS)
def test_a_stored_report_is_shown_everywhere(
    app: Flask, client: FlaskClient, members: Class, session: Session, name: str
) -> None:
    stored = stored_report(name)
    submission = submit_graded(session, members, stored)
    headers = members.bearer(members.ada)

    page = signed_in(app, members.ada).get(f"/submissions/{submission.id}")
    assert page.status_code == 200
    expected = {
        "right": "All 287 tests passed.",
        "wrong": "The gradient of a value used more than once is wrong",
        "unloadable": "Python cannot read this file",
    }[name]
    assert expected in page.text

    suite = stored["suites"][0]
    case = suite["cases"][0]
    details = signed_in(app, members.ada).get(
        f"/submissions/{submission.id}/cases/{suite['name']}/{case['id']}"
    )
    assert details.status_code == 200
    assert case["title"] in details.text

    answer = client.get(f"/api/v1/submissions/{submission.id}", headers=headers).json
    assert answer is not None
    assert (answer["score"], answer["report"]["schema"]) == (stored["score"], 2)
    assert answer["report"]["suites"][0]["cases"][0].items() >= case.items()

    results = client.get(f"/api/v1/submissions/{submission.id}/results.json", headers=headers).json
    assert results is not None
    assert results["score"] == stored["score"]
    assert len(results["tests"]) == sum(len(suite["cases"]) for suite in stored["suites"])

    text = io.StringIO()
    show_report(report_from_json(answer["report"]), "value.py", Console(file=text, width=100))
    assert "points" in text.getvalue()


def test_the_class_map_counts_stored_reports(app: Flask, members: Class, session: Session) -> None:
    submit_graded(session, members, stored_report("wrong"))
    page = signed_in(app, members.teacher).get("/assignments/autograd")
    assert page.status_code == 200
    assert "1 of 1</td>" in page.text
