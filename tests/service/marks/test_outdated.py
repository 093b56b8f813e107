"""A mark says when it was graded with other suites or points than the assignment has now."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from service.marks.gradebook import mark_of
from service.settings import Settings
from service.store.database import make_engine, make_sessions
from service.submissions import gradings
from service.submissions.suites_digest import digest_of_assignment, digest_of_report
from tests.service.conftest import Class
from tests.support import factories
from tests.support.factories import make_case, make_report, make_suite
from worker.suites import catalogue

NAMES = ("worked-example", "rules")  # of the class's assignment, with 20 and 80 points


def is_outdated(session: Session, members: Class) -> bool:
    return mark_of(session, members.teacher, members.assignment, members.ada).outdated


def test_a_new_grading_is_up_to_date_until_points_change(
    settings: Settings, session: Session, members: Class
) -> None:
    suites = [
        make_suite(name, make_case(), points=points)
        for name, points in zip(NAMES, (20.0, 80.0), strict=True)
    ]
    report = make_report(*suites)
    versions = {name: catalogue.outline(name).version for name in NAMES}
    report = replace(report, provenance=replace(report.provenance, suite_versions=versions))
    assert digest_of_report(report) == digest_of_assignment(members.assignment)
    factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    engine = make_engine(settings)
    sessions = make_sessions(engine)
    job = gradings.claim_next(sessions, settings, "slot")
    assert job is not None
    gradings.record(sessions, job, report)
    engine.dispose()
    session.expire_all()
    assert not is_outdated(session, members)
    members.assignment.points = {"worked-example": 30.0, "rules": 70.0}
    session.commit()
    assert is_outdated(session, members)


@pytest.mark.parametrize("versions", [{"rules": "0"}, {}])
def test_another_version_of_a_suite_is_another_digest(versions: dict[str, str]) -> None:
    report = make_report(make_suite("rules", make_case(), points=80.0))
    provenance = replace(report.provenance, suite_versions=versions)
    assert digest_of_report(replace(report, provenance=provenance)) != digest_of_report(report)


def test_of_a_grading_by_an_earlier_version_only_the_points_are_compared(
    session: Session, members: Class
) -> None:
    report = make_report(make_suite("rules", make_case(), points=100.0))
    submission = factories.make_graded(session, members.assignment, members.ada, report)
    submission.grading.suites_digest = None
    session.commit()
    assert not is_outdated(session, members)
    submission.grading.max_score = 90.0
    session.commit()
    assert is_outdated(session, members)


def test_what_has_no_score_is_not_outdated(session: Session, members: Class) -> None:
    factories.make_submission(session, members.assignment, members.ada)
    session.commit()
    assert not is_outdated(session, members)
