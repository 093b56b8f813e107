"""Stored reports: those of an earlier version are shown everywhere, and become smaller."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from backports import zstd
from flask import Flask
from flask.testing import FlaskClient
from rich.console import Console
from sqlalchemy import delete
from sqlalchemy.orm import Session, sessionmaker

from service.cli.output.report import show_report
from service.feedback.unfolded import make_summary
from service.store.base import now
from service.store.database import Sessions
from service.submissions.models import Grading, Status, StoredReport, Submission
from service.submissions.stored_reports import (
    Conversion,
    convert_old,
    read_report,
    read_summary,
)
from tests.service.conftest import Class, signed_in
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from tests.support.stored import REPORTS, stored_report
from worker.report.json import report_from_json, to_json


def sessions_of(session: Session) -> Sessions:
    """Sessions on the same database."""
    return sessionmaker(session.get_bind())


def as_early(report: dict[str, Any]) -> dict[str, Any]:
    """The report as the first version stored it: without rules, costs, interface and stderr."""
    early = {key: report[key] for key in report if key not in {"interface", "stderr"}}
    late = {"rule", "blocked_by", "counts", "cost"}
    early["suites"] = [
        suite
        | {
            "cases": [
                {key: case[key] for key in case if key not in late} for case in suite["cases"]
            ]
        }
        for suite in report["suites"]
    ]
    return early


def submit_graded(
    session: Session, members: Class, report: dict[str, Any], attempt: int = 1
) -> Submission:
    """A submission of Ada's whose grading is as an earlier worker recorded it."""
    submission = factories.make_submission(
        session, members.assignment, members.ada, attempt=attempt
    )
    grading = submission.grading
    grading.status, grading.finished_at = Status.DONE, now()
    grading.score, grading.max_score = report["score"], report["max_score"]
    grading.report = report
    session.commit()
    return submission


@pytest.mark.parametrize("converted", [False, True], ids=["as it was", "converted"])
@pytest.mark.parametrize("early", [False, True], ids=["", "early"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_stored_report_is_shown_everywhere(
    app: Flask,
    client: FlaskClient,
    members: Class,
    session: Session,
    name: str,
    converted: bool,
    early: bool,
) -> None:
    stored = as_early(stored_report(name)) if early else stored_report(name)
    submission = submit_graded(session, members, stored)
    if converted:
        assert convert_old(sessions_of(session), 10) == Conversion(1, 0, 0)
    headers = members.bearer(members.ada)

    page = signed_in(app, members.ada).get(f"/submissions/{submission.id}")
    assert page.status_code == 200
    expected = {
        "right": "All 287 tests passed.",
        "wrong": "180 of 287 tests passed."
        if early
        else "The gradient of a value used more than once is wrong",
        "unloadable": "Python can&#39;t read this file",
    }[name]
    assert expected in page.text
    assert "These points were counted by an earlier scheme." in page.text

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
    console = Console(file=text, width=100)
    show_report(report_from_json(answer["report"]), "value.py", "", console=console)
    assert "points" in text.getvalue()


def test_the_class_map_counts_stored_reports(app: Flask, members: Class, session: Session) -> None:
    submit_graded(session, members, stored_report("wrong"))
    page = signed_in(app, members.teacher).get("/courses/demo/assignments/autograd")
    assert page.status_code == 200
    assert "1 of 1</td>" in page.text


def test_a_converted_report_is_the_same_and_smaller(members: Class, session: Session) -> None:
    most = {"right": 130, "wrong": 260, "unloadable": 260}  # bytes of summary for each case
    for name in REPORTS:
        stored = stored_report(name)
        grading_id = submit_graded(session, members, stored).grading.id
        before = read_report(session, grading_id), read_summary(session, grading_id)
        session.commit()
        assert convert_old(sessions_of(session), 10).converted == 1
        session.expire_all()
        row = session.get(StoredReport, grading_id)
        assert row is not None
        assert json.loads(zstd.decompress(row.report)) == stored  # as it was, for a downgrade
        cases = sum(len(suite["cases"]) for suite in stored["suites"])
        assert len(row.summary) <= most[name] * cases
        assert len(row.report) < len(json.dumps(stored)) / 7
        after = read_report(session, grading_id), read_summary(session, grading_id)
        assert after[0] == before[0]
        assert after[0] is not None
        assert after[1] == make_summary(after[0])
        session.delete(row)
        session.execute(delete(Grading))
        session.execute(delete(Submission))
        session.commit()


def test_a_conversion_continues_where_it_was_stopped(members: Class, session: Session) -> None:
    report = to_json(make_report(make_suite("rules", make_case())))
    ids = [submit_graded(session, members, report, attempt=n).grading.id for n in range(1, 6)]
    sessions, seen = sessions_of(session), list[int]()
    assert convert_old(sessions, 2, seen.append) == Conversion(2, 0, 3)
    assert seen == [1, 2]
    assert convert_old(sessions, 10) == Conversion(3, 0, 0)
    assert convert_old(sessions, 10) == Conversion(0, 0, 0)
    assert all(read_report(session, grading_id) is not None for grading_id in ids)


def test_a_report_that_cannot_be_read_stays_and_stops_nothing(
    members: Class, session: Session
) -> None:
    good = to_json(make_report(make_suite("rules", make_case())))
    no_cases = {"schema": 1, "score": 0, "max_score": 1, "suites": [{"name": "rules"}]}
    no_id = good | {"schema": 1, "suites": [{"cases": [{"id": None}]}]}
    newer = good | {"schema": 3}
    for attempt, report in enumerate((no_cases, good, no_id, good, newer), 1):
        submit_graded(session, members, report, attempt=attempt)
    assert convert_old(sessions_of(session), 10) == Conversion(2, 3, 3)
    assert convert_old(sessions_of(session), 1) == Conversion(0, 1, 3)


def test_a_grading_without_a_result_has_no_report(members: Class, session: Session) -> None:
    grading_id = factories.make_submission(session, members.assignment, members.ada).grading.id
    assert read_report(session, grading_id) is None
    assert read_summary(session, grading_id) is None
    assert read_summary(session, uuid.uuid4()) is None
