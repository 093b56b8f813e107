"""Summaries are kept in memory by what is stored, so a change in the database always shows."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.submissions.models import StoredReport
from service.submissions.stored_reports import pack, read_mistakes, read_summary
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_diagnosis, make_report, make_suite


def test_a_stored_report_that_changes_or_is_removed_is_not_remembered(
    session: Session, members: Class
) -> None:
    report = make_report(make_suite("rules", make_case("sum")))
    grading = factories.make_graded(session, members.assignment, members.ada, report).grading
    session.flush()
    for _ in range(2):
        summary = read_summary(session, grading.id)
        assert summary is not None
        assert [case.id for case in summary.suites[0].cases] == ["sum"]
        assert read_mistakes(session, [grading.id])[grading.id].diagnoses == ()

    diagnosis = make_diagnosis()
    other = make_report(make_suite("rules", make_case("product")), diagnoses=(diagnosis,))
    stored = session.get_one(StoredReport, grading.id)
    stored.summary = pack(other).summary
    session.flush()
    summary = read_summary(session, grading.id)
    assert summary is not None
    assert [case.id for case in summary.suites[0].cases] == ["product"]
    assert read_mistakes(session, [grading.id])[grading.id].diagnoses == (diagnosis,)

    session.execute(delete(StoredReport))
    assert read_summary(session, grading.id) is None
    assert read_mistakes(session, [grading.id]) == {}
